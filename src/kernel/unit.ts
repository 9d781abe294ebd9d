/**
 * Numbers and texts that carry in their type what they are, so that ticks cannot be passed for
 * steps, the venue's id of an order for ours, nor a price for money.
 */
declare const unit: unique symbol;
export type Unit<Name extends string> = number & { readonly [unit]: Name };

declare const id: unique symbol;
export type Id<Name extends string> = string & { readonly [id]: Name };

/**
 * A fixed-point number of one kind. A value of one kind does not fit where another is wanted. What
 * arithmetic gives is a plain bigint, which fits every kind: name the kind where a result is kept.
 */
declare const kind: unique symbol;
export type Kind<Name extends string> = bigint & { readonly [kind]?: Name };
