import { nullTranslator } from '@jupyterlab/translation';

import { riskWords } from '../riskWords';

const trans = nullTranslator.load('jupyter_codeact');
const german = Object.assign(Object.create(trans), {
  __: (text: string) => (text === 'deletes files' ? 'löscht Dateien' : text)
});

describe('riskWords', () => {
  it('says a risk in the language of the user', () => {
    const proposal = {
      risks: ['deletes files', 'uses the network'],
      risk_codes: ['deletes' as const, 'network' as const]
    };
    expect(riskWords(proposal, german)).toEqual([
      'löscht Dateien',
      'uses the network'
    ]);
  });

  it('says what an older journal or a newer server says, with nothing hidden', () => {
    expect(
      riskWords({ risks: ['deletes files\u202e'], risk_codes: [] }, german)
    ).toEqual(['deletes files\\u202e']);
    const newer = ['teleports'] as unknown as ['deletes'];
    expect(
      riskWords({ risks: ['moves things far'], risk_codes: newer }, german)
    ).toEqual(['moves things far']);
  });
});
