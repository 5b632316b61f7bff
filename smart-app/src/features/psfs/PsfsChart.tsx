/**
 * The curve of each activity along time; the table beside it holds the same figures. Loaded only when there is something to draw.
 *
 * Spec: https://www.w3.org/TR/WCAG21/#non-text-content
 */
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { COLORS } from '../../app/tokens.ts';
import { useLanguage } from '../../i18n/language-context.tsx';
import { lineStyle } from './line-styles.ts';
import type { Psfs } from './read-psfs.ts';

const HEIGHT_PX = 240;
const TICKS = [0, 2, 4, 6, 8, 10];

interface DotProps {
  readonly cx?: number;
  readonly cy?: number;
  readonly value?: number;
  readonly index?: number;
}

export default function PsfsChart({ psfs }: { readonly psfs: Psfs }) {
  const { texts, day, shortDay } = useLanguage();
  const times = psfs.conversations.map((conversation) => Date.parse(conversation.date));
  const rows = times.map((time, position) => ({
    time,
    scores: psfs.activities.map((activity) => activity.scores[position]?.value ?? null),
  }));
  const [first, last] = [psfs.conversations[0], psfs.conversations.at(-1)];
  const label = texts.psfs.chartLabel(
    psfs.activities.map((activity) => activity.name).join(', '),
    day(first?.date ?? ''),
    day(last?.date ?? ''),
  );
  const axis = { stroke: COLORS.muted, tick: { fill: COLORS.muted, fontSize: 12 } };
  return (
    <div role="img" aria-label={label} className="fp-chart">
      <div aria-hidden="true">
        <ResponsiveContainer width="100%" height={HEIGHT_PX}>
          <LineChart data={rows} margin={{ top: 12, right: 28, bottom: 0, left: -22 }} accessibilityLayer={false}>
            <CartesianGrid stroke={COLORS.line} vertical={false} />
            <XAxis
              dataKey="time"
              type="number"
              scale="time"
              domain={['dataMin', 'dataMax']}
              ticks={times}
              tickFormatter={(time: number) => shortDay(new Date(time).toISOString())}
              padding={{ left: 18, right: 18 }}
              {...axis}
            />
            <YAxis domain={[0, 10]} ticks={TICKS} {...axis} />
            {psfs.activities.map((activity, position) => {
              const style = lineStyle(position);
              return (
                <Line
                  key={activity.name}
                  dataKey={(row: { scores: (number | null)[] }) => row.scores[position] ?? null}
                  stroke={style.color}
                  strokeWidth={2}
                  strokeDasharray={style.dash}
                  connectNulls
                  isAnimationActive={false}
                  activeDot={false}
                  dot={({ cx, cy, value, index }: DotProps) =>
                    value === undefined || value === null ? (
                      <g key={index} />
                    ) : (
                      <path key={index} d={style.marker} transform={`translate(${cx},${cy})`} fill={style.color} stroke={COLORS.surface} />
                    )
                  }
                />
              );
            })}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </div>
  );
}
