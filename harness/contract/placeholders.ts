import { didYouMean } from '../config/did-you-mean.ts';
import { ContractError } from './contract-error.ts';

/** Where a stub listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Fills `{stock}`, `{stock.host}`, `{stock.port}` and `{stock.url}` with the address of that upstream.
 * @param places by name; `otlp` is the endpoint of `--otlp`.
 * @throws ContractError for an upstream that there is not.
 */
export function filled(text: string, places: ReadonlyMap<string, Place>, option: string): string {
  return text.replace(/\{([\w-]+)(?:\.(host|port|url))?\}/g, (_whole, name: string, part?: string) => {
    const place = places.get(name);
    if (place === undefined) {
      const near = didYouMean(name, [...places.keys()]);
      const perhaps = near === undefined ? '' : `, perhaps {${near}}`;
      throw new ContractError(
        `${option} ${JSON.stringify(text)}: expected the name of an upstream between braces (${[...places.keys()].join(', ')})${perhaps}, e.g. {${[...places.keys()][0] ?? 'stock'}.host}`,
      );
    }
    switch (part) {
      case 'host':
        return place.host;
      case 'port':
        return String(place.port);
      case 'url':
        return `http://${addressOf(place)}`;
      default:
        return addressOf(place);
    }
  });
}

/** `127.0.0.1:9081`, `[::1]:9081` */
export function addressOf({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
