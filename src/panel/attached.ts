import type { TranslationBundle } from '@jupyterlab/translation';

import type { Attachment } from '../events';
import type { IAttachmentLimits } from '../tokens';
import { bytes } from './mentions';
import { visible } from './words';

/** What will go with the message that is being written. */
export interface IAttached {
  readonly attachment: Attachment;
  /** Whether the user lets the model see it. */
  readonly shown: boolean;
  /** Why it is not sent, in one line; empty when it is. */
  readonly problem: string;
}

const IMAGE_FILE = /\.(?:png|jpe?g|gif|webp)$/i;

/** Whether it is sent as an image. */
export function isImage({ kind, mime, name }: Attachment): boolean {
  return kind === 'image'
    ? mime !== ''
    : kind === 'file' && IMAGE_FILE.test(name);
}

/** `attachment` as the server would take it; `size` in bytes, null where that is not known. */
export function attach(
  attachment: Attachment,
  size: number | null,
  limits: IAttachmentLimits,
  trans: TranslationBundle
): IAttached {
  const most = isImage(attachment) ? limits.image_bytes : limits.file_bytes;
  const problem =
    size !== null && size > most
      ? trans.__(
          '%1 is larger than %2: it is not sent. On the server, the kernel can read it by its name.',
          labelOf(attachment),
          bytes(most)
        )
      : '';
  return { attachment, shown: true, problem };
}

/** `attached` and `more`, each thing once; those beyond the server's number say so. */
export function joined(
  attached: readonly IAttached[],
  more: readonly IAttached[],
  limits: IAttachmentLimits,
  trans: TranslationBundle
): IAttached[] {
  const found = [...attached];
  for (const item of more) {
    const place = found.findIndex(
      each => keyOf(each.attachment) === keyOf(item.attachment)
    );
    if (place >= 0) {
      found[place] = item;
    } else {
      found.push(item);
    }
  }
  return found.map((item, index) =>
    index < limits.most || item.problem
      ? item
      : {
          ...item,
          problem: trans.__(
            'More than %1 things cannot go with one message: %2 is not sent.',
            limits.most,
            labelOf(item.attachment)
          )
        }
  );
}

/** What goes with the message. */
export function sentOf(attached: readonly IAttached[]): Attachment[] {
  return attached
    .filter(({ shown, problem }) => shown && !problem)
    .map(({ attachment }) => attachment);
}

/** The same for the same thing; pasted images are told apart by what they hold. */
export function keyOf({ kind, name, data }: Attachment): string {
  return `${kind} ${name} ${data.length}`;
}

/** What the user knows it by. */
export function labelOf({
  kind,
  name
}: Pick<Attachment, 'kind' | 'name'>): string {
  return visible(kind === 'file' ? (name.split('/').pop() ?? name) : name);
}
