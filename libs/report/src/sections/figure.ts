/** @file The frames that every section uses: figures with captions, tables that scroll by themselves, columns. */
import { html, type HtmlValue, type Markup } from '../markup/html.js';

export interface SectionOptions {
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what to look for. */
  readonly lead: HtmlValue;
  readonly body: HtmlValue;
}

export function section({ id, title, lead, body }: SectionOptions): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    <p class="lead">${lead}</p>
    ${body}
  </section> `;
}

/** A chart with its title above and what to look for below. */
export function figure(title: HtmlValue, drawing: Markup, caption?: HtmlValue): Markup {
  return html`<figure>
    <h3>${title}</h3>
    ${drawing} ${caption !== undefined && html`<figcaption>${caption}</figcaption>`}
  </figure> `;
}

/** A chart with its title above and what to look for at its side where there is room. */
export function figureBeside(title: HtmlValue, drawing: Markup, caption: HtmlValue): Markup {
  return html`<figure class="beside">
    <h3>${title}</h3>
    ${drawing}
    <figcaption>${caption}</figcaption>
  </figure> `;
}

/** Small charts of one kind in a row. */
export function smallMultiples(...figures: readonly HtmlValue[]): Markup {
  return html`<div class="small">${figures}</div> `;
}

/** Figures side by side where there is room. */
export function columns(...figures: readonly HtmlValue[]): Markup {
  return html`<div class="columns">${figures}</div> `;
}

export interface TableOptions {
  /** Name of the table, read out by screen readers. */
  readonly label: string;
  /** Column heads; the first column is text, the others are figures unless the cells say otherwise. */
  readonly head: readonly HtmlValue[];
  readonly rows: readonly (readonly HtmlValue[])[];
}

/** A table whose first column names the row. */
export function table({ label, head, rows }: TableOptions): Markup {
  return html`<div class="table" role="region" tabindex="0" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

/** What is said in place of something that a run has not got. */
export function absent(text: string): Markup {
  return html`<p class="absent">${text}</p> `;
}
