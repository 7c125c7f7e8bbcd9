import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { ISafeLabels } from './safe';
import { safeHtml } from './safe';

/** Types whose renderers show untrusted data without fetching; Vega and others load what their data names. */
const QUIET =
  /^(text\/(plain|html|markdown|latex)|image\/(png|jpeg|gif|bmp|webp)|application\/(json|vnd\.jupyter\.(stdout|stderr|error)))$/;

/** Mermaid's renderer fetches the images that a diagram names, before any sanitiser sees the result. */
const MERMAID = /([`~]{3}[ \t]*)(?=mermaid)/gi;

/** JupyterLab's sanitiser, and after it ours. */
export class SafeSanitizer implements IRenderMime.ISanitizer {
  constructor(
    private readonly _first: IRenderMime.ISanitizer,
    private readonly _labels: ISafeLabels
  ) {}

  readonly allowNamedProperties = false;
  readonly allowCommandLinker = false;

  getAutolink(): boolean {
    return this._first.getAutolink?.() ?? true;
  }

  sanitize(dirty: string, options?: IRenderMime.ISanitizerOptions): string {
    return safeHtml(this._first.sanitize(dirty, options), this._labels);
  }
}

/** A copy of `rendermime` that renders untrusted data without running or fetching anything. */
export function safeRenderMime(
  rendermime: IRenderMimeRegistry,
  trans: TranslationBundle
): IRenderMimeRegistry {
  const parser = rendermime.markdownParser;
  const safe = rendermime.clone({
    sanitizer: new SafeSanitizer(rendermime.sanitizer, {
      image: trans.__('image'),
      media: trans.__('media')
    }),
    markdownParser: parser
      ? { render: text => parser.render(text.replace(MERMAID, '$1text ')) }
      : undefined
  });
  for (const mimeType of safe.mimeTypes) {
    const factory = safe.getFactory(mimeType);
    if (factory?.safe && !QUIET.test(mimeType)) {
      safe.addFactory(
        onTrust(factory, mimeType),
        safe.getRank(mimeType) ?? undefined
      );
    }
  }
  return safe;
}

/** `factory` for `mimeType` alone, used only for data that the user trusts. */
function onTrust(
  factory: IRenderMime.IRendererFactory,
  mimeType: string
): IRenderMime.IRendererFactory {
  return {
    safe: false,
    mimeTypes: [mimeType],
    defaultRank: factory.defaultRank,
    createRenderer: options => factory.createRenderer(options)
  };
}

/** Whether trust would change how `data` is shown. */
export function needsTrust(
  data: IRenderMime.IMimeModel['data'],
  rendermime: IRenderMimeRegistry
): boolean {
  const safe = rendermime.preferredMimeType(data, 'ensure');
  if (safe !== rendermime.preferredMimeType(data, 'any')) {
    return true;
  }
  if (safe !== 'text/html' && safe !== 'text/markdown') {
    return false;
  }
  const source = data[safe];
  const text = Array.isArray(source) ? source.join('') : String(source);
  return /<(script|iframe|svg|video|audio|object|embed)\b/i.test(text);
}
