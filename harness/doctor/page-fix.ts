import type { Settings } from '../config/settings.ts';
import type { Application } from '../model/application.ts';
import { CODES } from '../model/codes.ts';
import type { Answer } from '../model/exchange.ts';

/** What to do about an ingress that answers with that status; a route is not what a login page or a policy wants. */
export function pageFix(
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  { ingress }: Pick<Settings, 'ingress'>,
  { entry }: Pick<Application, 'entry'>,
): string {
  const isGiven = ingress.headers.some(([name]) => name === 'authorization');
  if (status === 401)
    return isGiven
      ? 'the credentials that were given are refused: check --ingress-header, or user and password in --ingress'
      : "give credentials: --ingress-header 'Authorization: …', or user:password@ in --ingress";
  if (status === 403)
    return `a policy refuses it (AuthorizationPolicy, or what stands before the gateway): ${isGiven ? 'check what is given in --ingress-header' : 'give what it asks for in --ingress-header'}, or the name in --host`;
  if (status >= 300 && status < 400) {
    const to = targetOf(headers);
    return `it redirects${to === undefined ? '' : ` to ${to}`}: check http or https in --ingress, and --host; a login page wants --ingress-header`;
  }
  if (status >= 500)
    return `look at the pods and the Service of ${entry}, and at its log; then at the route (VirtualService or HTTPRoute)`;
  return CODES.HC102.fix;
}

/** Without its query, which may hold a token. */
function targetOf(headers: Answer['headers']): string | undefined {
  const location = headers.find(([name]) => name === 'location')?.[1];
  return location?.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}

const OPTIONS = ['traces-user', 'traces-password', 'traces-token', 'traces-header'];

/** ` (given: user ci from flag --traces-user, …)`, for who is refused with them; never what they are. */
export function credentialsGiven({
  configuration,
  traceBackend,
}: Pick<Settings, 'configuration' | 'traceBackend'>): string {
  const given = configuration
    .filter(({ name }) => OPTIONS.includes(name))
    .map(({ name, value, source, from }) => {
      const what = name.replace('traces-', '');
      return `${what}${what === 'user' ? ` ${value}` : ''} from ${source} ${from}`;
    });
  const inUrl = given.length === 0 && traceBackend.headers.length > 0 ? ['user and password in --traces'] : [];
  const all = [...given, ...inUrl];
  return all.length === 0 ? '' : ` (given: ${all.join(', ')})`;
}
