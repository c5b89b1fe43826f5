/**
 * @file A report as one HTML file that needs nothing else: style and plots are inline, there is no script, and nothing is
 * fetched (the content policy forbids it).
 */
import { html, type Markup } from '../markup/html.js';
import { STYLE } from './style.js';

export interface HtmlPage {
  readonly title: string;
  readonly serviceVersion: string;
  readonly sections: Markup;
  /** The last sentences: what the figures above do not say. */
  readonly closing: Markup;
}

export function htmlPage({ title, serviceVersion, sections, closing }: HtmlPage): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="generator" content="metaapo ${serviceVersion}" />
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          ${sections}
          <footer>
            <p>metaapo ${serviceVersion}. ${closing}</p>
          </footer>
        </main>
      </body>
    </html> `.text;
}
