/**
 * CFS: the latest level large, the history as a table.
 */
import { PersonName } from '../../components/PersonDetails.tsx';
import { Section } from '../../components/Section.tsx';
import { useLanguage } from '../../i18n/language-context.tsx';
import type { CfsRating } from './read-cfs.ts';
import './cfs.css';

const LEVELS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export function CfsHistory({ ratings, expected }: { readonly ratings: readonly CfsRating[]; readonly expected: boolean }) {
  const { texts, name, day } = useLanguage();
  const [latest] = ratings;
  if (latest === undefined) {
    if (!expected) return null;
    return (
      <Section title={texts.cfs.heading}>
        <p className="fp-empty">{texts.cfs.none}</p>
      </Section>
    );
  }
  return (
    <Section title={texts.cfs.heading}>
      <div className="fp-cfs">
        <p className="fp-cfs-level">
          <span className="fp-cfs-number">{latest.level}</span>
          <span>
            <span className="fp-block fp-strong">{name(latest.name)}</span>
            <span className="fp-small fp-muted">{texts.cfs.scale}</span>
          </span>
        </p>
        <div className="fp-cfs-scale" aria-hidden="true">
          {LEVELS.map((level) => (
            <span key={level} className={level === latest.level ? 'fp-cfs-here' : undefined}>
              {level}
            </span>
          ))}
        </div>
      </div>
      {latest.underAge ? <p className="fp-note">{texts.cfs.youngWarning}</p> : null}
      <table className="fp-table">
        <caption className="fp-hidden">{texts.cfs.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.cfs.date}</th>
            <th scope="col">{texts.cfs.level}</th>
            <th scope="col">{texts.cfs.rater}</th>
          </tr>
        </thead>
        <tbody>
          {ratings.map((rating) => (
            <tr key={rating.id}>
              <th scope="row" className="fp-nowrap">
                {rating.date === undefined ? texts.app.notRecorded : day(rating.date)}
              </th>
              <td>
                <strong>{rating.level}</strong> {name(rating.name)}
              </td>
              <td>
                {rating.rater === undefined ? (
                  <span className="fp-muted">{texts.app.notRecorded}</span>
                ) : (
                  <PersonName person={rating.rater} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
