/** The oldest Node that runs hopcheck, as package.json's `engines` has it; a test holds them together. */
export const OLDEST_NODE = '22.19';

/**
 * One sentence for a Node that is too old; undefined: it will do.
 * @param version `process.versions.node`, e.g. `20.11.1`.
 */
export function tooOld(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  const fits = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  return fits ? undefined : `hopcheck needs Node ${OLDEST_NODE} or newer, and this is ${version}`;
}
