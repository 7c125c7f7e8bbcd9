import { safeHtml, safeStyle } from '../safe';
import { HTML } from './corpus';

const LABELS = { image: 'image', media: 'media' };
const clean = (html: string) => safeHtml(html, LABELS);

/** Attributes that make a browser fetch, run or submit something. */
const LOADING = [
  'action',
  'background',
  'data',
  'formaction',
  'ping',
  'poster',
  'srcdoc',
  'srcset',
  'xlink:href'
];

/** What `html` would fetch, run or do once it stands in a page. */
function dangers(html: string): string[] {
  const found: string[] = [];
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const element of Array.from(page.body.querySelectorAll('*'))) {
    if (element.namespaceURI !== 'http://www.w3.org/1999/xhtml') {
      found.push(`foreign <${element.localName}>`);
    }
    if (!/^[a-z][a-z0-9]*$/.test(element.localName)) {
      found.push(`odd <${element.localName}>`);
    }
    for (const { name, value } of Array.from(element.attributes)) {
      const loads =
        LOADING.includes(name) ||
        name.startsWith('on') ||
        name.startsWith('data-') ||
        ['id', 'name', 'is', 'contenteditable'].includes(name) ||
        (name === 'src' && !value.startsWith('data:image/')) ||
        (name === 'href' && !/^(https?:\/\/|mailto:)/.test(value)) ||
        (name === 'style' && /url|position|var|expression|\\/i.test(value)) ||
        (name === 'class' && /\b(jp|lm)-/.test(value));
      if (loads) {
        found.push(`${name}="${value}"`);
      }
    }
  }
  const forbidden =
    'script,style,link,meta,base,iframe,frame,object,embed,video,audio,source,form,button,area,template,portal';
  for (const element of Array.from(page.querySelectorAll(forbidden))) {
    found.push(`<${element.localName}>`);
  }
  return found;
}

describe('safeHtml', () => {
  it('has a corpus worth the name', () => {
    expect(new Set(HTML).size).toBeGreaterThanOrEqual(200);
    const dangerous = HTML.filter(payload => dangers(payload).length > 0);
    expect(dangerous.length).toBeGreaterThanOrEqual(170);
  });

  it.each(HTML)('makes %s harmless', payload => {
    expect(dangers(clean(payload))).toEqual([]);
  });

  it.each(HTML)('changes nothing in what it made of %s', payload => {
    const once = clean(payload);
    expect(clean(once)).toBe(once);
  });

  it('keeps prose, tables and code', () => {
    const kept =
      '<p>one <strong>two</strong> <code class="language-python">x</code></p>' +
      '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>';
    expect(clean(kept)).toBe(kept);
  });

  it('keeps images that hold their own pixels', () => {
    const pixels = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="x">';
    expect(clean(pixels)).toBe(pixels);
  });

  it('turns a remote image into a link that says where it goes', () => {
    const page = document.createElement('div');
    page.innerHTML = clean('<img src="https://evil.test/a.png" alt="a plot">');
    const link = page.querySelector('a');
    expect(page.querySelector('img')).toBeNull();
    expect(link?.textContent).toBe('[image: a plot]');
    expect(link?.href).toBe('https://evil.test/a.png');
    expect(link?.rel).toBe('noopener noreferrer');
    expect(link?.target).toBe('_blank');
    expect(link?.title).toBe('https://evil.test/a.png');
  });

  it('keeps the words of a link that leads nowhere good', () => {
    expect(clean('<a href="javascript:1">words</a>')).toBe('<a>words</a>');
  });

  it('keeps the words of elements it does not know', () => {
    expect(clean('<blink>one <b>two</b></blink>')).toBe('one <b>two</b>');
  });

  it('shows the check boxes of task lists, which cannot be clicked', () => {
    expect(clean('<input type="checkbox" checked="">')).toBe(
      '<input type="checkbox" checked="" disabled="">'
    );
  });
});

describe('safeStyle', () => {
  it('keeps what colours and aligns', () => {
    expect(
      safeStyle('color: rgb(1, 2, 3); text-align:right;width: calc(50% - 2px)')
    ).toBe('color: rgb(1, 2, 3); text-align: right; width: calc(50% - 2px)');
  });

  it.each([
    'background: red',
    'background-color: url(x)',
    'color: var(--x)',
    'color: re\\64',
    'color: "x"',
    'color: red/**/',
    'color: red !important',
    'width: calc(url(x))',
    'position: absolute',
    'z-index: 9',
    'margin: -100px',
    'display: none',
    'color',
    ':',
    ''
  ])('drops %j', style => {
    expect(safeStyle(style)).toBe('');
  });
});
