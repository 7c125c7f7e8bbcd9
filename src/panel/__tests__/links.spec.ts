import { guardClick, safeUrl, watchLinks } from '../links';

describe('safeUrl', () => {
  it.each([
    ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
    [' http://127.0.0.1:8000/ ', 'http://127.0.0.1:8000/'],
    ['HTTPS://EXAMPLE.ORG', 'https://example.org/'],
    ['mailto:a@example.org', 'mailto:a@example.org']
  ])('lets %s pass', (url, expected) => {
    expect(safeUrl(url)).toBe(expected);
  });

  it.each([
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.org',
    'blob:https://example.org/1',
    '//example.org',
    '/lab',
    '#x',
    '',
    'https://a b.org',
    'https://a\u0000.org',
    'https://a.org/\u202ex',
    'https://a.org/\u200b',
    'https://a.org/\u2066x',
    'https://a.org/\ufeff',
    'https:\\\\a.org',
    'https://name@a.org',
    'https://name:word@a.org',
    'https://'
  ])('refuses %j', url => {
    expect(safeUrl(url)).toBeNull();
  });
});

describe('guardClick', () => {
  const page = document.createElement('div');
  let left: boolean;

  const click = (html: string, selector: string) => {
    page.innerHTML = html;
    document.body.append(page);
    page.addEventListener('click', guardClick, { capture: true, once: true });
    left = false;
    const event = new MouseEvent('click', { bubbles: true, cancelable: true });
    const bubbled = jest.fn();
    document.body.addEventListener('click', bubbled, { once: true });
    page.querySelector(selector)?.dispatchEvent(event);
    document.body.removeEventListener('click', bubbled);
    left = !event.defaultPrevented && bubbled.mock.calls.length === 1;
    return page.querySelector('a');
  };

  it('lets a safe link open, in a tab that knows nothing of this page', () => {
    const link = click(
      '<a href="https://example.org/" ping="/x"><b>x</b></a>',
      'b'
    );
    expect(left).toBe(true);
    expect(link?.rel).toBe('noopener noreferrer');
    expect(link?.target).toBe('_blank');
    expect(link?.hasAttribute('ping')).toBe(false);
  });

  it.each([
    '<a href="javascript://x%0aalert(1)">x</a>',
    '<a href="/lab?reset">x</a>',
    '<a href="#x">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<span data-commandlinker-command="terminal:create-new">x</span>'
  ])('stops a click on %s', html => {
    click(html, '[href], span');
    expect(left).toBe(false);
  });

  it('leaves buttons alone, and outputs that the user trusts', () => {
    click('<button>x</button>', 'button');
    expect(left).toBe(true);
    click('<div data-trusted><a href="files/a.csv">x</a></div>', 'a');
    expect(left).toBe(true);
  });
});

describe('watchLinks', () => {
  it('secures and strips links as they appear, but not trusted ones', async () => {
    const root = document.createElement('div');
    root.innerHTML = '<a href="data:text/html,x">a</a>';
    const watch = watchLinks(root);
    root.insertAdjacentHTML(
      'beforeend',
      '<a href="javascript://%0ax">b</a><a href="https://example.org/">c</a>' +
        '<div data-trusted><a href="files/a.csv">d</a></div>'
    );
    await Promise.resolve();
    const [a, b, c, d] = Array.from(root.querySelectorAll('a'));
    expect(a.hasAttribute('href')).toBe(false);
    expect(b.hasAttribute('href')).toBe(false);
    expect(c.rel).toBe('noopener noreferrer');
    expect(d.getAttribute('href')).toBe('files/a.csv');
    c.href = 'data:text/html,x';
    await Promise.resolve();
    expect(c.hasAttribute('href')).toBe(false);
    watch.dispose();
    b.href = '#x';
    await Promise.resolve();
    expect(b.hasAttribute('href')).toBe(true);
  });
});
