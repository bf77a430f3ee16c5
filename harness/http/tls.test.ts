import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCertificates, tlsTitle } from '../../fixtures/testing/certificates.ts';
import type { HttpError, HttpTarget } from './http.ts';
import { tlsFailure } from './tls-failure.ts';
import { createHttpClient } from './undici-client.ts';

const made = makeCertificates('DNS:shop.example');

describe.skipIf(made === undefined)(tlsTitle(made), () => {
  const { ca, server: pair, client } = made ?? ({} as NonNullable<typeof made>);
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  /** Answers with the name it was asked for by TLS, the Host header, and who asked. */
  async function serve(options: ServerOptions = {}): Promise<number> {
    const server = createServer({ ...pair, ...options }, (request: IncomingMessage, response: ServerResponse) => {
      const socket = request.socket as TLSSocket;
      const who = socket.getPeerCertificate().subject?.CN ?? 'anonymous';
      response.end(`${socket.servername || 'no name'}, ${request.headers.host}, ${who}`);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }
  async function ask(target: HttpTarget & { readonly url: URL }): Promise<string> {
    const http = createHttpClient(target);
    const headers: [string, string][] = target.host === undefined ? [] : [['host', target.host]];
    try {
      const { url } = target;
      return (await http.send({ method: 'GET', url, headers, timeoutMs: 5000, maxBodyBytes: 1000 })).body;
    } finally {
      await http.close();
    }
  }
  const at = (port: number, host = '127.0.0.1') => new URL(`https://${host}:${port}/`);
  const failure = async (target: HttpTarget & { readonly url: URL }): Promise<HttpError> =>
    ask(target).then(
      (body) => expect.unreachable(`it was answered: ${body}`),
      (error: HttpError) => error,
    );

  it('takes SNI and the name to verify from the URL, whatever address is dialled', async () => {
    const port = await serve();
    const url = at(port, 'shop.example');
    expect(await ask({ url, address: '127.0.0.1', ca: ca.cert })).toBe(`shop.example, shop.example:${port}, anonymous`);
  });

  it('takes them from the Host header where the URL is an address', async () => {
    const port = await serve();
    const target = { url: at(port), ca: ca.cert };
    expect(await ask({ ...target, host: 'shop.example' })).toBe('shop.example, shop.example, anonymous');
    expect(await ask({ ...target, host: `shop.example:${port}` })).toMatch(/^shop.example, shop.example:\d+,/);
  });

  it('takes them from --ingress-sni before anything else', async () => {
    const port = await serve();
    const target = { url: at(port), ca: ca.cert, sni: 'shop.example' };
    expect(await ask({ ...target, host: 'inner.example' })).toBe('shop.example, inner.example, anonymous');
    expect(await ask({ ...target, url: at(port, 'localhost'), address: '127.0.0.1' })).toMatch(/^shop.example, local/);
  });

  it('shows the client certificate to a server that asks for it', async () => {
    const port = await serve({ requestCert: true, ca: ca.cert });
    const target = { url: at(port), host: 'shop.example', ca: ca.cert };
    expect(await ask({ ...target, certificate: client })).toBe('shop.example, shop.example, client');
  });

  it('trusts no unknown certificate, unless configured to', async () => {
    const url = at(await serve());
    const error = await failure({ url, host: 'shop.example' });
    expect(error).toMatchObject({ kind: 'tls', tls: 'untrusted' });
    expect(error.message).toContain('has a certificate that is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE)');
    expect(await ask({ url, insecure: true })).toContain('anonymous');
  });

  it('names the hosts of a certificate for another name', async () => {
    const error = await failure({ url: at(await serve()), ca: ca.cert });
    expect(error).toMatchObject({ kind: 'tls', tls: 'wrong-name' });
    expect(error.message).toContain('for another name (it is for DNS:shop.example, asked was 127.0.0.1)');
  });

  it.each(['TLSv1.3', 'TLSv1.2'] as const)(
    'reports that the server asks for a client certificate, over %s',
    async (version) => {
      const options = { requestCert: true, ca: ca.cert, minVersion: version, maxVersion: version };
      const error = await failure({ url: at(await serve(options)), host: 'shop.example', ca: ca.cert });
      expect(error).toMatchObject({ kind: 'tls', tls: 'client-certificate' });
      expect(error.message).toMatch(/asks for a client certificate/);
    },
  );

  it('reports a server that does not speak TLS', async () => {
    const { createServer: createPlain } = await import('node:http');
    const plain = createPlain((_request, response) => void response.end());
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const error = await failure({ url: at((plain.address() as AddressInfo).port) });
    plain.close();
    expect(error).toMatchObject({ tls: 'no-tls', message: expect.stringContaining('does not speak TLS on this port') });
  });
});

describe('tlsFailure', () => {
  // As OpenSSL's own server and Envoy end a handshake; Node's server only closes the connection.
  it.each([
    {
      code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
      tls: 'client-certificate',
      words: 'does not accept the client certificate',
    },
    {
      code: 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
      tls: 'client-certificate',
      words: 'does not accept the client certificate',
    },
    { code: 'CERT_HAS_EXPIRED', tls: 'untrusted', words: 'has expired' },
    { code: 'CERT_NOT_YET_VALID', tls: 'untrusted', words: 'not valid yet' },
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', tls: 'untrusted', words: 'not trusted' },
    { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', tls: 'other', words: 'could not agree' },
    { code: 'EPROTO', tls: 'other', words: 'could not agree' },
  ] as const)('recognises $code', ({ code, tls, words }) => {
    expect(tlsFailure(code, new Error(code))).toMatchObject({
      tls,
      words: expect.stringContaining(words),
      detail: code,
    });
  });

  it('ignores failures of the network', () => expect(tlsFailure('ECONNRESET', new Error('reset'))).toBeUndefined());
});
