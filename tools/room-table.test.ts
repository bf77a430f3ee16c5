import { describe, expect, it } from 'vitest';
import { ROOMS } from './arrows.ts';
import { roomTable } from './room-table.ts';

describe('roomTable', () => {
  it('has a row per room, with its content and the rooms that it may import', () => {
    const lines = roomTable().split('\n');
    expect(lines).toHaveLength(Object.keys(ROOMS).length + 2);
    expect(roomTable()).toContain('| `harness/judge` | one promise per file');
    expect(roomTable()).toContain('| yes | `model`, `stats`, `formats`, `diagnose` |');
  });

  it('refuses a room without a description', () => {
    expect(() => roomTable({ ...ROOMS, 'harness/attic': [] })).toThrow('HOLDS must describe harness/attic');
  });

  it('refuses a description of a room that is gone', () => {
    const { tools: _, ...fewer } = ROOMS;
    expect(() => roomTable(fewer)).toThrow('describes tools;');
  });
});
