/** A number that carries its unit in the type, so that ticks cannot be passed for steps. */
declare const unit: unique symbol;
export type Unit<Name extends string> = number & { readonly [unit]: Name };
