import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a request brings the bearer token (RFC 6750 section 2.1). The comparison takes as long for every wrong token:
 * digests of equal length are compared, so that not even the length shows.
 */
export function bearsToken(authorization: string, token: string): boolean {
  const [, given] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
