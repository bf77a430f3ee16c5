/** Where the code that copies the headers is, for a fix. */
export function forwardingSteps(): string {
  return 'Code for Node, Python, Java and Go: docs/forwarding.md';
}
