/**
 * Links in what a model or a kernel produced: to `http`, `https` and `mailto` only, in a new tab that knows nothing of
 * this page. Anything else is text.
 */
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';

const LINK = /^(https?:\/\/|mailto:)/i;
/** Control, white space, bidirectional and invisible characters, and the backslash that browsers take for a slash. */
const DECEPTIVE = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\\]/u;

/** The address that `url` may lead to, or null when it must stay text. */
export function safeUrl(url: string): string | null {
  const trimmed = url.replace(/^ +| +$/g, '');
  if (!LINK.test(trimmed) || DECEPTIVE.test(trimmed)) {
    return null;
  }
  try {
    const parsed = new URL(trimmed);
    const plain = !parsed.username && !parsed.password;
    return plain && LINK.test(parsed.href) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The link opens in a new tab that knows nothing of this page, and says where it goes. */
export function secureLink(link: Element, url: string): void {
  link.setAttribute('title', url);
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  // JupyterLab's renderers set `rel` to "noopener" later; this one stays.
  link.setAttribute('referrerpolicy', 'no-referrer');
}

/**
 * A click inside untrusted content follows only safe links, whoever made them, and runs no command.
 *
 * Outputs that the user trusts are marked with `data-trusted`, which no sanitised content can carry.
 */
export function guardClick(
  event: Pick<Event, 'target' | 'preventDefault' | 'stopPropagation'>
): void {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest('[href], [data-commandlinker-command]');
  if (!link || link.closest('[data-trusted]')) {
    return;
  }
  secureOrStrip(link);
  if (!link.hasAttribute('href')) {
    event.preventDefault();
    event.stopPropagation();
  }
}

/**
 * Until disposed, every link that appears inside `root` is made safe or loses its address.
 *
 * Renderers turn what looks like an address in plain text into a link, `javascript://` and `data:` included.
 */
export function watchLinks(root: Element): IDisposable {
  const secure = () => {
    for (const link of Array.from(root.querySelectorAll('[href]'))) {
      if (!link.closest('[data-trusted]')) {
        secureOrStrip(link);
      }
    }
  };
  const observer = new MutationObserver(secure);
  observer.observe(root, {
    attributeFilter: ['href'],
    attributes: true,
    childList: true,
    subtree: true
  });
  secure();
  return new DisposableDelegate(() => observer.disconnect());
}

function secureOrStrip(link: Element): void {
  const url = safeUrl(link.getAttribute('href') ?? '');
  if (url === null || !(link instanceof HTMLAnchorElement)) {
    link.removeAttribute('href');
  } else if (link.rel !== 'noopener noreferrer' || link.target !== '_blank') {
    link.removeAttribute('ping');
    secureLink(link, url);
  }
}
