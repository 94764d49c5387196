import { counted } from "../../text/index.ts";
import { forecastTraining, train } from "../../pipeline/index.ts";
import { overfitAdvice } from "../../report/index.ts";
import { forecastLine } from "../forecast-line.ts";
import type { Session } from "../session.ts";

export async function trainCommand(
  session: Session,
  arm: string | undefined,
  { plan = false }: { plan?: boolean } = {},
): Promise<unknown> {
  if (plan) return showPlan(session, arm);
  const trained = await train(await session.open(), arm);
  for (const { name, folder, reused, record } of trained) {
    const best = record.losses.findLast((point) => point.step === record.bestStep);
    const right = best?.accuracy === undefined ? "" : `, ${(100 * best.accuracy).toFixed(1)}% right`;
    const loss =
      best?.validation == null
        ? ""
        : `, validation loss ${best.validation.toFixed(3)}${right} at step ${record.bestStep}`;
    session.print(
      `${name}: ${counted(record.steps, "step")} on ${counted(record.examples, "example")} in ${Math.round(record.seconds)} s${loss}` +
        `${reused ? " (unchanged since the last run)" : ""}\n  ${folder}\n`,
    );
    const advice = overfitAdvice(record.losses);
    if (advice !== undefined) session.print(`  ${advice}\n`);
  }
  return { adapters: trained };
}

async function showPlan(session: Session, arm: string | undefined): Promise<unknown> {
  const forecasts = await forecastTraining(await session.open(), arm);
  for (const forecast of forecasts) session.print(`${forecastLine(forecast)}\n`);
  return { trainings: forecasts };
}
