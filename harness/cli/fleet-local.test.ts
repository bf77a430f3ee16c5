import { describe, expect, it } from 'vitest';
import type { FleetUnit } from '../fleet/plan.ts';
import { collectAll } from './fleet-local.ts';
import type { Io } from './io.ts';

describe('collectAll', () => {
  const units = Array.from(
    { length: 5 },
    (_, index): FleetUnit => ({
      index,
      target: `t${index}`,
      part: { index: 1, of: 1 },
      options: {},
    }),
  );
  const io = { stderr: { write: () => undefined, data: () => undefined, isTTY: false } } as unknown as Io;
  const signal = new AbortController().signal;

  it('tries once more what could not collect, and no more often', async () => {
    const begun: number[] = [];
    const collect = async ({ index }: FleetUnit) => {
      begun.push(index);
      return index === 2 ? 2 : 0;
    };
    expect(await collectAll(units, 2, collect, io, signal)).toBe(0);
    expect(begun.toSorted()).toEqual([0, 1, 2, 2, 3, 4]);
  });

  it('goes on where a process cannot be started, and tries that once more', async () => {
    const begun: number[] = [];
    const said: string[] = [];
    const collect = async ({ index }: FleetUnit) => {
      begun.push(index);
      if (index === 1) throw new Error('spawn EAGAIN');
      return 0;
    };
    const stderr = { write: (text: string) => said.push(text), data: () => undefined, isTTY: false };
    expect(await collectAll(units, 2, collect, { stderr } as unknown as Io, signal)).toBe(0);
    expect(begun.toSorted()).toEqual([0, 1, 1, 2, 3, 4]);
    expect(said.join('')).toContain('t1: its process cannot be started: spawn EAGAIN');
  });

  it('ends for wrong use', async () => {
    const begun: number[] = [];
    const collect = async ({ index }: FleetUnit) => {
      begun.push(index);
      return index === 1 ? 64 : 0;
    };
    expect(await collectAll(units, 1, collect, io, signal)).toBe(64);
    expect(begun).toEqual([0, 1]);
  });

  it('has no more of them under way than asked for, and begins none after an abort', async () => {
    const controller = new AbortController();
    let now = 0;
    let most = 0;
    const collect = async ({ index }: FleetUnit) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      if (index === 3) controller.abort();
      return 0;
    };
    await collectAll(units, 3, collect, io, controller.signal);
    expect(most).toBe(3);
    const begun: number[] = [];
    await collectAll(units, 3, async ({ index }) => begun.push(index), io, controller.signal);
    expect(begun).toEqual([]);
  });
});
