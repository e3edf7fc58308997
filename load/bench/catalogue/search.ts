import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Database } from '../../../src/database/database';
import { CatalogueImport } from '../../../src/registration/catalogue/import/catalogue-import';
import { demoCatalogue } from '../../../src/registration/catalogue/import/demo-term';
import { registrationEntities } from '../../../src/registration/entities';
import { splitCores } from '../../support/cores';
import { Swarm } from '../../swarm/swarm';
import { type Bench, planOf } from '../bench';
import { clientsOf } from '../live/clients';
import { startOwnPod } from '../served/own-pod';
import { rounded, spreadOf, spreadText } from '../spread';
import { withParts } from '../turns';
import { fill, watchWindow, Witness } from '../window';

const FULL = { students: 10_000, repeats: 5, windowMs: 10_000, arriveMs: 15_000, sections: 10_000, searches: 200 };
const QUICK = { students: 600, repeats: 1, windowMs: 6_000, arriveMs: 2_000, sections: 10_000, searches: 50 };

const TERM = 'bench';
const ROOM = 'search';
const RATE = 2;

/** What students type: words, codes, beginnings, several at once, nothing, and what is not there. */
const QUERIES = [
  'algebra',
  'MATH 252',
  'chem',
  'introduction to',
  'music theory',
  'phil 1',
  'q',
  '',
  'xyzzy',
  'lab bio',
];

interface CatalogueRow extends Record<string, string> {
  clbid: string;
  section: string;
  number: string;
}

/** Students who wait are told as soon while others search as when nobody does: the two windows in turn. */
export const searchBench: Bench = {
  name: 'search',
  summary:
    'catalogue search over 10,000 sections: p99, and how old positions are while it is searched / while it is not',
  run: (options) =>
    withParts(async (keep) => {
      const { students, repeats, windowMs, arriveMs, sections, searches } = planOf(options, FULL, QUICK);
      const cores = splitCores();
      const prepare = (database: Database): Promise<void> => importSections(database, sections);
      const known = students + searches;
      const ours = await keep(
        startOwnPod({ students: known, cores: cores.server, prepare, entities: registrationEntities }),
      );
      const crowd = await keep(Swarm.start({ processes: 2, cores: cores.swarm }));
      const searchers = await keep(Swarm.start({ cores: cores.swarm }));
      await ours.operator.makeRoom({ id: ROOM, ratePerSecond: RATE });
      const waiting = ours.comers.slice(0, students);
      const searching = ours.comers.slice(students);
      await fill(crowd, { urls: [ours.url], comers: waiting, conduct: clientsOf('plain', ROOM), overMs: arriveMs });
      const paths = QUERIES.map((query) => `/api/terms/${TERM}/sections?query=${encodeURIComponent(query)}`);
      const polling = { kind: 'polling' as const, paths, everyMs: 1_000 };
      const [ages, latencies, ratios, shares]: number[][] = [[], [], [], []];
      const witness = new Witness();
      for (let repeat = 1; repeat <= repeats; repeat += 1) {
        const calm = witness.see(await watchWindow([ours], crowd, windowMs));
        await searchers.arrive({ urls: [ours.url], comers: searching, conduct: polling, overMs: 1_000 });
        await searchers.clear();
        const busy = witness.see(await watchWindow([ours], crowd, windowMs));
        const { tally } = await searchers.report();
        await searchers.leave();
        const refused = Object.keys(tally.refused);
        if (refused.length > 0) throw new Error(`searches were refused: ${refused.join(', ')}`);
        const [before, during] = [calm, busy].map((window) => window.tally.times.positionAgeMs.percentiles().p99);
        ages?.push(during ?? Number.NaN);
        ratios?.push((during ?? Number.NaN) / Math.max(1, before ?? Number.NaN));
        latencies?.push(tally.times.pollMs.percentiles().p99);
        shares?.push(((busy.spentMs[0] ?? 0) - (calm.spentMs[0] ?? 0)) / tally.counts.polls);
        options.say(`${repeat}/${repeats} search p99 ${latencies?.at(-1)} ms, positions p99 ${before} → ${during} ms`);
      }
      const [age, latency, ratio, share] = [ages, latencies, ratios, shares].map((values) => spreadOf(values ?? []));
      if (!age || !latency || !ratio || !share) throw new Error('nothing was measured');
      return {
        figures: {
          searchP99Ms: rounded(latency.median),
          pushP99Ratio: rounded(ratio.median),
          pushP99Ms: rounded(age.median),
          cpuMsPerSearch: rounded(share.median),
        },
        targets: [
          { figure: 'searchP99Ms', what: `a search among ${sections} sections, p99, ms`, limit: 50, sense: 'at most' },
          {
            figure: 'pushP99Ratio',
            what: 'age of positions p99, while it is searched / while not',
            limit: 1.2,
            sense: 'at most',
          },
        ],
        rows: [
          { what: 'a search, p99 ms', figure: spreadText(latency) },
          { what: 'CPU of a search, ms', figure: spreadText(share, 2) },
          { what: 'age of positions while it is searched, p99 ms', figure: spreadText(age) },
          { what: 'that / while it is not', figure: spreadText(ratio, 2) },
        ],
        notes: [
          `medians of ${repeats} pairs of windows of ${windowMs / 1_000} s each, in turn; least and most in brackets`,
          `${students} plain raw WebSocket clients wait, the line moves by ${RATE} a second; ${searches} searches a second on as ` +
            `many kept connections: ${QUERIES.map((query) => `“${query}”`).join(', ')}; no If-None-Match, first page`,
          `${sections} sections made of the demo term’s; the server on one core, the swarm on the others; embedded`,
          ...witness.notes,
        ],
        invalid: witness.invalid,
      };
    }),
};

/** The demo term's sections again and again, each time as other courses. */
async function importSections(database: Database, count: number): Promise<void> {
  const rows = parse(await demoCatalogue(), { columns: true, skip_empty_lines: true }) as unknown as CatalogueRow[];
  const copies = Array.from({ length: count }, (_, index) => {
    const row = rows[index % rows.length] as CatalogueRow;
    const round = Math.floor(index / rows.length);
    return { ...row, clbid: `${row.clbid}-${round}`, section: `${row.section}${round}`.slice(-16) };
  });
  const csv = stringify(copies, { header: true });
  await CatalogueImport.run(database, csv, TERM, { name: TERM });
}
