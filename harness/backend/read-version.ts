import { BackendError } from './backend.ts';
import type { JsonReader } from './read-json.ts';

/** Enough of a page to find it in; it stands in the head of the UI's own. */
const MOST_CHARACTERS = 100_000;
/** `v2.13.0`, `v1.76.1-0.2026…`; whatever else stands there is no version to show. */
const VERSION = /^v?\d[\w.+-]{0,60}$/;

/**
 * Jaeger's API does not have its version. The page of its UI has: `JAEGER_VERSION = {"gitVersion": …}`
 * (docs/facts/jaeger.md#version). undefined where the page has none: another build, a proxy in front, another page.
 */
export async function readVersion(baseUrl: URL, reader: JsonReader, signal?: AbortSignal): Promise<string | undefined> {
  const url = new URL(baseUrl);
  url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}/`;
  try {
    const { page = '' } = await reader.get(url, signal);
    const [, text = ''] = /JAEGER_VERSION\s*=\s*(\{[^{}]{0,500}\})/.exec(page.slice(0, MOST_CHARACTERS)) ?? [];
    const [, version = ''] = /"gitVersion"\s*:\s*"([^"]*)"/.exec(text) ?? [];
    return VERSION.test(version) ? version : undefined;
  } catch (error) {
    // Nothing rests on it: the reads of the API report a backend that is closed or away.
    if (error instanceof BackendError && !signal?.aborted) return undefined;
    throw error;
  }
}
