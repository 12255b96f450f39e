import { expect } from 'chai';
import { dateOfTag } from '#lib/analyzer/single/date-of-tag.js';

describe('dateOfTag', () => {
  const dates: Record<string, string> = {
    '20240410_112233': '2024-04-10T11:22:33.000Z',
    LBTISX20240410_112233: '2024-04-10T11:22:33.000Z',
    '2024-04-10T11:22:33': '2024-04-10T11:22:33.000Z',
    '2024-04-10T11:22:33.25': '2024-04-10T11:22:33.250Z',
    '2024-04-10T11:22:33Z': '2024-04-10T11:22:33.000Z',
    '2024-04-10T11:22:33+02:00': '2024-04-10T09:22:33.000Z',
    '20240410T112233': '2024-04-10T11:22:33.000Z',
    '20240410112233': '2024-04-10T11:22:33.000Z',
    '20240410': '2024-04-10T00:00:00.000Z',
    '2024-04-10': '2024-04-10T00:00:00.000Z',
    'night 20240229': '2024-02-29T00:00:00.000Z',
    '20240410_1122': '2024-04-10T11:22:00.000Z',
    '2024-04-10T11:22': '2024-04-10T11:22:00.000Z',
    '2024-04-10T11:22+02:00': '2024-04-10T09:22:00.000Z',
    '202404101122': '2024-04-10T11:22:00.000Z',
    // A run's number is no time of day.
    '20240410_2460': '2024-04-10T00:00:00.000Z',
    '20240410_9999+02:00': '2024-04-10T00:00:00.000Z',
    '20240410_12': '2024-04-10T00:00:00.000Z',
    'run20241310_20240410_112233_007': '2024-04-10T11:22:33.000Z',
  };

  for (const [tag, date] of Object.entries(dates)) {
    it(`reads ${tag} as ${date}`, () => {
      expect(dateOfTag(tag)?.toISOString()).to.equal(date);
    });
  }

  for (const tag of [
    '',
    'night',
    '20230229',
    '20241301',
    '12345678',
    '120240410',
    '2024-0410',
    '2024',
    '20240410_250000',
  ]) {
    it(`reads no date in '${tag}'`, () => {
      expect(dateOfTag(tag)).to.equal(undefined);
    });
  }

  it('takes a date for UTC, whatever the time zone of the process', () => {
    const before = process.env.TZ;
    try {
      process.env.TZ = 'America/Phoenix';
      expect(dateOfTag('20240410_112233')?.toISOString()).to.equal('2024-04-10T11:22:33.000Z');
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});
