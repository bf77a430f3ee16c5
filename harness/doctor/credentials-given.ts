import type { Settings } from '../config/settings.ts';

const OPTIONS = ['jaeger-user', 'jaeger-password', 'jaeger-token', 'jaeger-header'];

/** ` (given: user ci from flag --jaeger-user, …)`, for who is refused with them; never what they are. */
export function credentialsGiven({ configuration, jaeger }: Pick<Settings, 'configuration' | 'jaeger'>): string {
  const given = configuration
    .filter(({ name }) => OPTIONS.includes(name))
    .map(({ name, value, source, from }) => {
      const what = name.replace('jaeger-', '');
      return `${what}${what === 'user' ? ` ${value}` : ''} from ${source} ${from}`;
    });
  const inUrl = given.length === 0 && jaeger.headers.length > 0 ? ['user and password in --jaeger'] : [];
  const all = [...given, ...inUrl];
  return all.length === 0 ? '' : ` (given: ${all.join(', ')})`;
}
