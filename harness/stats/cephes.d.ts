/**
 * The functions of the Cephes library that are used here, as the package cephes (its C sources compiled to WebAssembly)
 * exports them. The package has types, but its `exports` hide them from TypeScript.
 */
declare module 'cephes' {
  /** Settles when the functions can be called; before that they throw. */
  export const compiled: Promise<void>;
  /** P(X ≤ k) of n trials with probability p. */
  export function bdtr(k: number, n: number, p: number): number;
  /** P(X > k). */
  export function bdtrc(k: number, n: number, p: number): number;
  /** x with I_x(a, b) = y: the quantile function of the beta distribution. */
  export function incbi(a: number, b: number, y: number): number;
  /** log |Γ(x)| */
  export function lgam(x: number): number;
}
