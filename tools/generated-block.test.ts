import { describe, expect, it } from 'vitest';
import { withBlock, withWords } from './generated-block.ts';

describe('withBlock', () => {
  const page = '# x\n\n<!-- rooms: y -->\n\nold $1\n\n<!-- end of rooms -->\n\nmore\n';

  it('replaces the text between the marks, and nothing else', () => {
    const made = withBlock(page, 'rooms', 'new $1');
    expect(made).toBe(page.replace('old', 'new'));
    expect(withBlock(made, 'rooms', 'new $1')).toBe(made);
  });

  it('refuses a page without the marks', () => {
    expect(() => withBlock(page, 'suites', '')).toThrow('expected <!-- suites: … -->');
  });
});

describe('withWords', () => {
  const schema = '{ "format": { "enum": ["a", "b"], "description": "x" }, "other": { "enum": ["a"] } }';

  it('replaces the words of one field', () => {
    expect(JSON.parse(withWords(schema, 'format', ['a', 'c']))).toEqual({
      format: { enum: ['a', 'c'], description: 'x' },
      other: { enum: ['a'] },
    });
  });

  it('refuses a schema without the field', () => {
    expect(() => withWords(schema, 'api', [])).toThrow('expected "api"');
  });
});
