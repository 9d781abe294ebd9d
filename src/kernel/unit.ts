/**
 * Numbers and texts that carry in their type what they are, so that ticks cannot be passed for
 * steps, nor the venue's id of an order for ours.
 */
declare const unit: unique symbol;
export type Unit<Name extends string> = number & { readonly [unit]: Name };

declare const id: unique symbol;
export type Id<Name extends string> = string & { readonly [id]: Name };
