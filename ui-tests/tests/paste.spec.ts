import type { Locator, Page } from '@playwright/test';

import { violations } from './support/axe';
import { expect, test } from './support/test';

/** A file comes from outside of the page: with a paste, or a drop. */
async function bring(
  target: Locator,
  how: 'paste' | 'drop',
  name: string,
  bytes: number[] | 'image'
): Promise<void> {
  await target.evaluate(
    async (node, { bytes, how, name }) => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 4;
      canvas.getContext('2d')?.fillRect(0, 0, 2, 2);
      const image = await new Promise<Blob | null>(made =>
        canvas.toBlob(made, 'image/png')
      );
      const file =
        bytes === 'image'
          ? new File([image as Blob], name, { type: 'image/png' })
          : new File([new Uint8Array(bytes)], name);
      const data = new DataTransfer();
      data.items.add(file);
      const init = { bubbles: true, cancelable: true };
      node.dispatchEvent(
        how === 'paste'
          ? new ClipboardEvent('paste', { ...init, clipboardData: data })
          : new DragEvent('drop', { ...init, dataTransfer: data })
      );
    },
    { bytes, how, name }
  );
}

/** The user drags `from` with the mouse, and lets it fall on `to`. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) {
    throw new Error('What is dragged, or where to, cannot be seen');
  }
  const [x, y] = [end.x + end.width / 2, end.y + end.height / 2];
  await page.mouse.move(start.x + 10, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 40, start.y + 20, { steps: 4 });
  await page.mouse.move(x, y, { steps: 8 });
  await page.mouse.move(x + 1, y + 1);
  await page.mouse.up();
}

test('images, files and cells are pasted and dropped, and reach the model', async ({
  model,
  notebook,
  page,
  panel,
  tmpPath
}, info) => {
  await notebook.write(['answer = 6 * 7\nanswer']);
  await notebook.writeFile('notes.txt', 'Prices are in cents.');
  await notebook.open();
  await notebook.run(0);
  await page.filebrowser.openDirectory(tmpPath);
  await page.filebrowser.refresh();
  await panel.open();
  const chip = (name: string) =>
    panel.node.getByRole('button', { name: `Show the model: ${name}` });

  await bring(panel.composer, 'paste', 'image.png', 'image');
  await expect(chip('image.png')).toHaveAttribute('aria-pressed', 'true');
  await drag(
    page,
    page.locator('.jp-DirListing-item', { hasText: 'notes.txt' }),
    panel.composer
  );
  await expect(chip('notes.txt')).toHaveAttribute('aria-pressed', 'true');
  await drag(
    page,
    notebook.cells.first().locator('.jp-InputPrompt'),
    panel.composer
  );
  await expect(chip('cell[1]')).toHaveAttribute('aria-pressed', 'true');
  await expect(notebook.cells).toHaveCount(1);
  await bring(
    panel.node,
    'drop',
    'own.csv',
    Array.from('a,b\n', letter => letter.charCodeAt(0))
  );
  await expect(chip('own.csv')).toHaveAttribute('aria-pressed', 'true');

  await bring(panel.composer, 'drop', 'large.txt', Array(1_000_001).fill(65));
  await expect(
    panel.node.getByText('large.txt is larger than 1.0 MB')
  ).toBeVisible();
  await expect(chip('large.txt')).toBeDisabled();
  await bring(panel.composer, 'drop', 'model.pkl', [0xff, 0xfe, 0, 1]);
  await expect(
    panel.node.getByText('model.pkl is neither text in UTF-8 nor an image')
  ).toBeVisible();
  await panel.shoot(info, 'brought');
  await page.theme.setLightTheme();

  await model.script(['I see.']);
  await panel.composer.press('Enter');
  await expect(
    panel.node.getByText('Write a message to go with it.')
  ).toBeVisible();
  await panel.composer.fill('What is this?');
  await panel.composer.press('Enter');
  await expect(panel.prose.last()).toHaveText('I see.');
  const sent = panel.node.getByRole('list', {
    name: 'What went with the message'
  });
  await expect(sent).toHaveText(
    /^work\.ipynb(Variables)?notes\.txtcell\[1\]own\.csv$/
  );
  await expect(sent.getByRole('img', { name: 'image.png' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await panel.shoot(info, 'sent');
  const [request] = await model.requests();
  const { content } = request.body.messages[request.body.messages.length - 1];
  const parts = content as {
    type: string;
    text?: string;
    image_url?: { url: string };
  }[];
  const images = parts.filter(({ type }) => type === 'image_url');
  expect(images).toHaveLength(1);
  expect(images[0].image_url?.url).toMatch(/^data:image\/png;base64,iVBOR/);
  const text = parts.map(part => part.text ?? '').join('\n');
  expect(text).toContain('kind="image" name="image.png">');
  expect(text).toContain('Prices are in cents.');
  expect(text).toContain('# cell own-0 (code, [1])\nanswer = 6 * 7');
  expect(text).toContain('name="own.csv">\na,b\n');
  expect(text).not.toContain('large.txt');
  expect(text).not.toContain('model.pkl');
});
