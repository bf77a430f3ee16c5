import type { TlsFailure } from '../model/exchange.ts';

/** What a code of Node or OpenSSL means; `detail` is what the certificate says of itself. */
export interface TlsFailed {
  readonly tls: TlsFailure;
  /** After the server's name: `has a certificate that is not trusted`. */
  readonly words: string;
  readonly detail: string;
}

const UNTRUSTED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

/** undefined: no failure of TLS. */
export function tlsFailure(code: string, error: unknown): TlsFailed | undefined {
  const failed = (tls: TlsFailure, words: string, detail = code): TlsFailed => ({ tls, words, detail });
  if (UNTRUSTED.has(code)) return failed('untrusted', 'has a certificate that is not trusted');
  if (code === 'CERT_HAS_EXPIRED') return failed('untrusted', 'has a certificate that has expired');
  if (code === 'CERT_NOT_YET_VALID') return failed('untrusted', 'has a certificate that is not valid yet');
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return failed('wrong-name', 'has a certificate for another name', namesIn(error));
  // A server that wants a certificate says so in TLS 1.3; in 1.2 its alert could mean other things too.
  if (/ALERT_CERTIFICATE_REQUIRED/.test(code)) return failed('client-certificate', 'asks for a client certificate');
  if (/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(UNKNOWN|EXPIRED|REVOKED))/.test(code))
    return failed('client-certificate', 'does not accept the client certificate');
  if (/ALERT_HANDSHAKE_FAILURE/.test(code))
    return failed('client-certificate', 'ended the handshake, as a server does that asks for a client certificate');
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code))
    return failed('no-tls', 'does not speak TLS on this port');
  return code === 'EPROTO' || /CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code)
    ? failed('other', 'could not agree on TLS')
    : undefined;
}

/** `it is for DNS:shop.example, asked was 10.0.0.7` */
function namesIn(error: unknown): string {
  const { host, cert } = Object(error) as { host?: unknown; cert?: { subjectaltname?: unknown } };
  const names = typeof cert?.subjectaltname === 'string' ? cert.subjectaltname.slice(0, 200) : 'no name at all';
  return `it is for ${names}, asked was ${typeof host === 'string' ? host : 'another'}`;
}
