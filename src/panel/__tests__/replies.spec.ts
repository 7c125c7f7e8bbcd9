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

describe('the format execute', () => {
  it.each<[string, string | null, string]>([
    ['I look.\n\n<execute>\nx = 1\n</execute>', 'x = 1', 'I look.'],
    ['<thought>I look.</thought>\n<execute>x = 1', 'x = 1', 'I look.'],
    ['The `<execute>` tag:\n<execute>\nx\n', 'x', 'The `<execute>` tag:'],
    ['The <execute> tag:\n<execute>\nx\n', 'x', 'The <execute> tag:'],
    ['```\n<execute>\n```\n<execute>x', 'x', '```\n<execute>\n```'],
    ['I look.\n<execute>\nx = 1\n', 'x = 2', 'I look.'],
    ['<thought>I know.</thought> <solution>42</solution>', null, 'I know. 42'],
    ['Use `<thought>`.', null, 'Use `<thought>`.'],
    ['It is 42.', null, 'It is 42.']
  ])('shows of %j no tag', (text, source, before) => {
    expect(splitReply(text, 'python', source, 'execute')).toEqual({
      before,
      code: source,
      after: ''
    });
  });

  it.each<[string, string, string | null]>([
    ['I look.\n\n<exe', 'I look.', null],
    ['<thou', '', null],
    ['<thought>I lo', 'I lo', null],
    ['I look.\n\n<execute>', 'I look.', ''],
    ['I look.\n\n<execute>\nx = 1\n</exec', 'I look.', 'x = 1'],
    ['<execute>\n  x\n</execute>', '', '  x'],
    ['<solution>It is', 'It is', null],
    ['1 < 2', '1 < 2', null]
  ])('splits %j while it is written', (text, before, code) => {
    expect(splitPartial(text, 'python', 'execute')).toMatchObject({
      before,
      code
    });
  });
});

describe('the format tool', () => {
  it('has no code in its text', () => {
    const text = 'I look:\n\n```python\nx\n```';
    const whole = splitReply(text, 'python', 'x', 'tool');
    expect(whole).toEqual({ before: text, code: 'x', after: '' });
    expect(splitPartial(text, 'python', 'tool').code).toBeNull();
  });
});
