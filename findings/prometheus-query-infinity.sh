#!/usr/bin/env bash
# prometheus-query 3.5.1 (JavaScript) on Debian's Prometheus: an infinite value becomes NaN.
#
# Guessed: an answer of +Inf, such as a ratio whose divisor is 0, is Infinity in JavaScript, one of -Inf is -Infinity, and only NaN is NaN.
# Seen:    all three are NaN, in instant and range queries: JavaScript's parseFloat knows "Infinity" and not Prometheus's "+Inf". There is no
#          error. A program that alerts above a limit stays quiet at "refused labels per label taken" just when all are refused, since no
#          comparison with NaN is true, while an alert of Prometheus itself fires.
set -euo pipefail
server=; work=$(mktemp -d); trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download prometheus >apt.log 2>&1 || { apt-get update && apt-get download prometheus; } >apt.log 2>&1
dpkg -x prometheus_*.deb debian
npm init -y >npm.log && npm install --no-audit --no-fund --silent --ignore-scripts prometheus-query@3.5.1 >>npm.log 2>&1
port=$(python3 -c 'import socket
print(socket.create_server(("localhost", 0)).getsockname()[1])')
echo 'scrape_configs: []' > prometheus.yml
debian/usr/bin/prometheus --version 2>&1 | head -1
debian/usr/bin/prometheus --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address="localhost:$port" >server.log 2>&1 &
server=$!
for _ in $(seq 60); do curl -sf "http://localhost:$port/-/ready" >ready && break; sleep 0.5; done
cat > query.js <<'J'
const { PrometheusDriver } = require('prometheus-query');
const endpoint = `http://localhost:${process.argv[2]}`;
(async () => {
  const driver = new PrometheusDriver({ endpoint });
  for (const query of ['vector(3)/0', 'vector(-3)/0', 'vector(0)/0', 'vector(3)/2']) {
    const raw = await (await fetch(`${endpoint}/api/v1/query?query=${query}`)).json();
    const instant = await driver.instantQuery(query);
    const end = Date.now();
    const range = await driver.rangeQuery(query, end - 1000, end, 1);
    console.log(`${query}: ${raw.data.result[0].value[1]}, ${instant.result[0].value.value}, ${range.result[0].values[0].value}`);
  }
})();
J
node query.js "$port" | tee out
diff out - <<'J'
vector(3)/0: +Inf, NaN, NaN
vector(-3)/0: -Inf, NaN, NaN
vector(0)/0: NaN, NaN, NaN
vector(3)/2: 1.5, 1.5, 1.5
J
echo 'as seen: infinite values are NaN'
