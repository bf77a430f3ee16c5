import { expect, it } from 'vitest';
import { calledAs } from './called-as.ts';

it.each([
  {
    from: 'a checkout',
    env: { npm_command: 'run-script' },
    file: '/here/harness/cli/called-as.ts',
    command: 'npm run -s hopcheck --',
  },
  { from: 'npx', env: { npm_command: 'exec' }, file: '/there/dist/chunk.js', command: 'npx hopcheck' },
  { from: 'a global package', env: {}, file: '/there/dist/chunk.js', command: 'hopcheck' },
])('is $command from $from', ({ env, file, command }) => {
  expect(calledAs(env, file)).toBe(command);
});
