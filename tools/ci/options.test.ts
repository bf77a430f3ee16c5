import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { suite } from './testing.ts';

const suites = [suite('test'), suite('try')];
const none = { all: false, plan: false, write: false, only: undefined, base: undefined, failed: [] };

describe('readOptions', () => {
  it.each([
    [[], {}],
    [['--plan', '--base', 'HEAD~2'], { plan: true, base: 'HEAD~2' }],
    [['--only', 'test,try'], { only: ['test', 'try'] }],
    [['--all', '--write'], { all: true, write: true }],
    [['--failed', 'install', '--failed', 'system packages'], { failed: ['install', 'system packages'] }],
  ])('reads %s', (args, expected) => expect(readOptions(args, suites)).toEqual({ ...none, ...expected }));

  it.each([
    [['--only', 'test,tri'], '--only test,tri: expected some of test, try, with commas between, e.g. --only test,try'],
    [['--only', ''], '--only : expected some of test, try'],
    [['--write'], '--write: expected the whole, e.g. npm run check:all -- --write'],
    [['--all', '--write', '--only', 'test'], '--write: expected the whole'],
    [['--part', '1/2'], "Unknown option '--part'"],
    [['x'], 'options are --all, --plan, --write, --only, --base, --failed'],
  ])('refuses %s', (args, message) => expect(() => readOptions(args, suites)).toThrow(message));
});
