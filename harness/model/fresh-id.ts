/**
 * A function of the shell that prints so many bytes of random hexadecimal digits: `hex 16`. Its tools are in POSIX (IEEE
 * Std 1003.1, od and tr), and every Unix has the device.
 */
export const HEX_FUNCTION = `hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \\n'; }`;

/** Its call, where {@link HEX_FUNCTION} is known. */
export function freshHex(bytes: number): string {
  return `$(hex ${bytes})`;
}

/** A UUID of version 4 (RFC 9562 §5.4), 80 bits of it random. */
export const FRESH_UUID = `${freshHex(4)}-${freshHex(2)}-4fff-afff-${freshHex(6)}`;
