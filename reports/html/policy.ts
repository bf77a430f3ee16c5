import { createHash } from 'node:crypto';

/**
 * Content-Security-Policy of the file (CSP Level 3): nothing is loaded; only this style sheet and this script apply, by
 * their hashes; no text ever becomes markup or code (Trusted Types).
 */
export function policyOf(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
