import { act, render, waitFor } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';

const settled = () => act(async () => undefined);

beforeAll(drawAtOnce);

it('ends a streamed reply with what the journal says', async () => {
  const copilot = new Copilot();
  const conversation = new Conversation()
    .begin()
    .step(1, 'x')
    .doing('waiting_for_model');
  copilot.current = conversation;
  render(
    <ServicesProvider value={services(copilot)}>
      <Body />
    </ServicesProvider>
  );
  await settled();
  for (const text of ['One', 'One two']) {
    conversation.partial = { step: 2, text, reasoning: '' };
    conversation.liveChanged.emit();
    await settled();
  }
  const prose = () =>
    document.querySelector('[data-view="step-2"] .jp-CodeAct-prose');
  await waitFor(() => expect(prose()?.textContent).toContain('One two'));
  expect(prose()?.getAttribute('aria-busy')).toBe('true');
  conversation.partial = null;
  conversation.reply(2, 'One two three');
  conversation.end('answered', { answer: 'One two three' });
  conversation.doing('idle');
  await waitFor(() => expect(prose()?.textContent).toContain('three'));
  expect(prose()?.getAttribute('aria-busy')).toBe('false');
});
