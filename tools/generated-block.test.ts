import { describe, expect, it } from 'vitest';
import { withBlock } from './generated-block.ts';

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
