import { createRequire } from "node:module";
import PDFDocument from "pdfkit";

const require = createRequire(import.meta.url);

/** A font that has the letters of most languages in Europe, Greek and mathematics; it is drawn into the PDF. */
const regular = require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
const bold = require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf");

const marginPoints = 54;
const textPoints = 9;
/** Of the title, of a section, and of what is inside one. */
const headingPoints = [18, 13, 10.5, 9.5];
const grey = "#555555";
const lineGrey = "#bbbbbb";

/** Pages of A4 that fill from the top, in the few forms that a model card needs. */
export class Pages {
  private readonly document: PDFKit.PDFDocument;
  private readonly title: string;
  private readonly bytes: Promise<Uint8Array>;

  /**
   * @param title - Stands below every page too.
   * @param createdAt - The only time that the PDF tells; the same text at the same time makes the same PDF.
   */
  constructor(title: string, createdAt: Date) {
    this.title = shown(title);
    this.document = new PDFDocument({
      size: "A4",
      margin: marginPoints,
      bufferPages: true,
      font: regular,
      lang: "en",
      info: {
        Title: this.title,
        Creator: "Amazon SageMaker (local)",
        CreationDate: createdAt,
        ModDate: createdAt,
      },
    });
    const chunks: Buffer[] = [];
    this.bytes = new Promise((resolve, reject) => {
      this.document.on("data", (chunk: Buffer) => chunks.push(chunk));
      this.document.on("end", () => resolve(Buffer.concat(chunks)));
      this.document.on("error", reject);
    });
  }

  /** @param level - 0 for the title, 1 for a section, more for what is inside it. */
  heading(text: string, level: number): void {
    const points = headingPoints[Math.min(level, headingPoints.length - 1)] ?? textPoints;
    this.keepTogether(points * 4);
    this.document
      .moveDown(level === 0 ? 0 : 0.8)
      .font(bold, points)
      .fillColor("black");
    this.text(text);
    this.document.moveDown(0.2);
  }

  /** What a name stands for, as one or several lines below it; without a name these alone. */
  field(name: string, lines: string[]): void {
    this.keepTogether(textPoints * 4);
    this.document.font(bold, textPoints - 1).fillColor(grey);
    if (name !== "") this.text(name);
    this.document.font(regular, textPoints).fillColor("black");
    for (const line of lines) this.text(line);
    this.document.moveDown(0.4);
  }

  /** @param columns - Headings; rows have as many cells. */
  table(columns: string[], rows: string[][]): void {
    this.keepTogether(textPoints * 4);
    const points = columns.length <= 6 ? textPoints - 1 : columns.length <= 12 ? 6 : 4.5;
    const cell = (src: string) => (text: string) => ({ text: shown(text), font: { src, size: points } });
    this.document.font(regular, points).fillColor("black");
    this.document.table({
      defaultStyle: { border: 0.5, borderColor: lineGrey, padding: points < 6 ? 1.5 : 3 },
      data: [columns.map(cell(bold)), ...rows.map((row) => row.map(cell(regular)))],
    });
    this.document.font(regular, textPoints).moveDown(0.6);
  }

  /** Numbers the pages, and ends with them. */
  async end(): Promise<Uint8Array> {
    const { start, count } = this.document.bufferedPageRange();
    for (let page = start; page < start + count; page += 1) {
      this.document.switchToPage(page);
      // Below the margin a text would go onto a page of its own.
      this.document.page.margins.bottom = 0;
      this.document
        .font(regular, 7)
        .fillColor(grey)
        .text(`${this.title}, page ${page + 1} of ${count}`, marginPoints, this.document.page.height - 36, {
          lineBreak: false,
        });
    }
    this.document.end();
    return this.bytes;
  }

  private text(text: string): void {
    this.document.text(shown(text));
  }

  /** Begins a page where less room than this is left. */
  private keepTogether(points: number): void {
    const { y, page } = this.document;
    if (y + points > page.height - marginPoints) this.document.addPage();
  }
}

/**
 * Text as a font can show it: whole characters, and of those that control something only line breaks. A word that is longer
 * than any line may be parted by a space of no width: finding where it fits takes time that grows with the square of its length.
 */
function shown(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("\t", "    ")
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n]/gu, "")
    .replace(/\S{200}(?=\S)/gu, "$&\u200b");
}
