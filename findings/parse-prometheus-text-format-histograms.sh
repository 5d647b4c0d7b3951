#!/usr/bin/env bash
# parse-prometheus-text-format 1.1.1: of a histogram with labels one is left, without its labels, count and sum.
#
# Guessed: each set of labels becomes an entry with its buckets, count and sum, as prom2json does, whose output this package names as its aim.
# Seen:    that holds for counters, gauges and summaries without quantiles. Histograms, and summaries with quantiles, get one entry for all
#          label sets together: the buckets of the one that came last, and neither labels nor count nor sum. Its README shows histograms
#          without labels only. Where quantiles stand behind count and sum, which the format allows, it throws a TypeError.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log && npm install --no-audit --no-fund --silent parse-prometheus-text-format@1.1.1 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import parse from 'parse-prometheus-text-format';

const histogram = (domain, low, all) => `
latency_seconds_bucket{domain="${domain}",le="0.1"} ${low}
latency_seconds_bucket{domain="${domain}",le="+Inf"} ${all}
latency_seconds_count{domain="${domain}"} ${all}
latency_seconds_sum{domain="${domain}"} 5.5`;
const show = (what, text) => {
  for (const metric of parse(`# TYPE ${what}${text}\n`)) {
    for (const entry of metric.metrics) console.log(`${what}: ${JSON.stringify(entry)}`);
  }
};
show('images_total counter', '\nimages_total{domain="a"} 1\nimages_total{domain="b"} 2');
show('latency_seconds histogram', histogram('a', 1, 2) + histogram('b', 70, 90));
show('size summary', '\nsize_count{domain="a"} 2\nsize_sum{domain="a"} 3');
show('size summary', '\nsize{domain="a",quantile="0.5"} 1\nsize_count{domain="a"} 2\nsize_sum{domain="a"} 3');
try {
  show('size summary', '\nsize_count 2\nsize_sum 3\nsize{quantile="0.5"} 1');
} catch (error) {
  console.log(`quantiles last: ${error.name}`);
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
images_total counter: {"value":"1","labels":{"domain":"a"}}
images_total counter: {"value":"2","labels":{"domain":"b"}}
latency_seconds histogram: {"buckets":{"0.1":"70","+Inf":"90"}}
size summary: {"labels":{"domain":"a"},"count":"2","sum":"3"}
size summary: {"quantiles":{"0.5":"1"}}
quantiles last: TypeError
P
echo 'as seen: one histogram is left, without labels'
