/** A text for each kind of a family's facts: a kind without one does not compile. */
export type Texts<Family extends { readonly kind: string }> = {
  readonly [Kind in Family['kind']]: (fact: Extract<Family, { readonly kind: Kind }>) => string;
};
