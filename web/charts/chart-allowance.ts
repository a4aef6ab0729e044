/** Bars, points and cells that one page draws. Beyond it a card is hardly one to read, and its page would grow without end. */
const mostMarks = 4000;

/** What axes and texts of a chart count for, in marks. */
const marksPerChart = 20;

/** Gives the id of a page's next chart, or `undefined` where the page has drawn enough. One for each page: ids repeat. */
export type ChartAllowance = (marks: number) => string | undefined;

export function chartAllowance(): ChartAllowance {
  let charts = 0;
  let marksLeft = mostMarks;
  return (marks) => {
    const cost = marks + marksPerChart;
    if (cost > marksLeft) return undefined;
    marksLeft -= cost;
    charts += 1;
    return `chart-${charts}`;
  };
}
