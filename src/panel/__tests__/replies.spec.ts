import { splitPartial, splitReply } from '../replies';

describe('splitReply', () => {
  it('leaves a reply without an action whole', () => {
    const text = 'Use this:\n\n```python\nx\n```';
    expect(splitReply(text, 'python', null)).toEqual({
      before: text,
      code: null,
      after: ''
    });
  });

  it('takes out the fence that became the cell, not one in another language', () => {
    const text = 'a\n\n```sql\nSELECT 1\n```\n\nb\n\n```python\nx = 1\n```\nc';
    expect(splitReply(text, 'python', 'x = 1')).toEqual({
      before: 'a\n\n```sql\nSELECT 1\n```\n\nb',
      code: 'x = 1',
      after: 'c'
    });
  });

  it('takes out the first runnable fence when the user edited the cell', () => {
    const text = 'a\n~~~\nx = 1\n~~~';
    expect(splitReply(text, 'python', 'x = 2')).toEqual({
      before: 'a',
      code: 'x = 2',
      after: ''
    });
  });

  it('finds a fence that the reply was cut in', () => {
    expect(splitReply('a\n```py\nx = 1', 'python', 'x = 1').before).toBe('a');
  });

  it('does not end a fence at one inside a string', () => {
    const code = 'x = """\n```\n"""';
    const reply = splitReply(
      `a\n\n\`\`\`\`python\n${code}\n\`\`\`\``,
      'python',
      code
    );
    expect(reply).toEqual({ before: 'a', code, after: '' });
  });

  it('keeps all prose when no fence is found', () => {
    expect(splitReply('only prose', 'python', 'x').before).toBe('only prose');
  });
});

describe('splitPartial', () => {
  it.each<[string, string, string | null]>([
    ['Let me', 'Let me', null],
    ['Let me\n\n``', 'Let me\n\n``', null],
    ['Let me\n\n```py', 'Let me', ''],
    ['Let me\n\n```python\nx =', 'Let me', 'x ='],
    ['Let me\n\n```\nx\n```\n', 'Let me', 'x'],
    ['```sql\nSELECT', '```sql\nSELECT', null],
    ['```IPython3\nx', '', 'x']
  ])('splits %j', (text, before, code) => {
    expect(splitPartial(text, 'python')).toMatchObject({ before, code });
  });

  it('knows other kernels', () => {
    expect(splitPartial('```R\nx <- 1', 'R').code).toBe('x <- 1');
    expect(splitPartial('```python\nx', 'julia').code).toBeNull();
  });
});
