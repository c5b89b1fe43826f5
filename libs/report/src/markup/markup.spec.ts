import { describe, it } from 'node:test';
import { equal } from 'node:assert/strict';
import { count, duration, fixed, interval, percent, signed, stageName } from './format.js';
import { escapeText, html } from './html.js';

describe('markup', () => {
  it('escapes whatever is interpolated, save markup', () => {
    equal(
      html`<p title="${'"x" & \'y\''}">${'<script>alert(1)</script>'}${html`<b>${1}</b>`}</p>`.text,
      '<p title="&quot;x&quot; &amp; &#39;y&#39;">&lt;script&gt;alert(1)&lt;/script&gt;<b>1</b></p>',
    );
  });

  it('joins lists and leaves absent values out', () => {
    equal(html`${['a', html`<i>b</i>`, undefined]}${false}${null}${0}`.text, 'a<i>b</i>0');
  });

  it('replaces what HTML cannot hold and keeps line ends', () => {
    equal(escapeText('a\u0000b\u001b[1m\ud800c\n\td\uffff'), 'a\ufffdb\ufffd[1m\ufffdc\n\td\ufffd');
  });
});

describe('numbers for people', () => {
  it('have real minus signs, and none before zero', () => {
    equal(fixed(-0.126), '−0.13');
    equal(fixed(-0.001), '0.00');
    equal(signed(0.5), '+0.50');
    equal(signed(0.001), '0.00');
    equal(interval(-0.1, 0.2), '−0.10 to +0.20');
    equal(fixed(Number.NaN), '–');
  });

  it('say shares, counts and times as one would', () => {
    equal(percent(0.426), '43 %');
    equal(percent(Number.NaN), '–');
    equal(count(9216), '9,216');
    equal(duration(0.25), '0.25 ms');
    equal(duration(3.4), '3.4 ms');
    equal(duration(12_400), '12.4 s');
    equal(duration(125_000), '2 min 5 s');
    equal(duration(3_720_000), '1 h 2 min');
  });

  it('name stages', () => {
    equal(stageName('sft'), 'SFT');
    equal(stageName('iteration-2'), 'iteration 2');
    equal(stageName('warm-up'), 'warm-up');
  });
});
