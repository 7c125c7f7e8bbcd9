import { act, render, screen } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';

const settled = () => act(async () => undefined);

beforeAll(drawAtOnce);

async function show(conversation: Conversation): Promise<void> {
  const copilot = new Copilot();
  copilot.current = conversation;
  render(
    <ServicesProvider value={services(copilot)}>
      <Body />
    </ServicesProvider>
  );
  await settled();
}

const fenced = (prose: string, code: string) =>
  `${prose}\n\n\`\`\`python\n${code}\n\`\`\``;

const step = (prose: string, code: string) =>
  new Conversation()
    .begin()
    .reply(1, fenced(prose, code))
    .submit(1, code)
    .finish(1, 'ok')
    .doing('waiting_for_model');

describe('the prose before a step', () => {
  it('is not said twice where the title has all of it, however long', async () => {
    const words = 'I load the data and look at **all** its columns, one by one';
    await show(step(`${words}.`, 'x = 1'));
    const title = screen.getByText(words.replace(/\*/g, ''));
    expect(title.className).toBe('jp-mod-whole');
    expect(document.querySelector('.jp-CodeAct-prose')).toBeNull();
  });

  it('stays where it says more, or the code has a title of its own', async () => {
    await show(step('I load the data. Then I look.', 'x = 1'));
    expect(screen.getByText('I load the data. Then I look.')).not.toBeNull();
    expect(screen.getByText('I load the data').className).toBe('');
  });

  it('stays where the code has a title of its own', async () => {
    await show(step('I load the data.', '# Loading\nx = 1'));
    expect(screen.getByText('I load the data.')).not.toBeNull();
    expect(screen.getByText('Loading')).not.toBeNull();
  });

  it('stays until the first line of the code is written', async () => {
    const conversation = new Conversation().begin().doing('waiting_for_model');
    await show(conversation);
    const stream = async (text: string) => {
      conversation.partial = { step: 1, text, reasoning: '' };
      conversation.liveChanged.emit();
      await settled();
    };
    const prose = () =>
      document.querySelector('.jp-CodeAct-prose')?.textContent ?? null;
    await stream('I load it.\n\n```python\n#');
    expect(prose()).toContain('I load it.');
    await stream('I load it.\n\n```python\n# Loading\nx');
    expect(prose()).toContain('I load it.');
    await stream('I load it.\n\n```python\nx = 1\ny');
    expect(prose()).toBeNull();
  });
});
