// Writes TypeScript that holds each object of the manifests against the types of Kubernetes, of the Prometheus operator and of KEDA, in which a
// field that does not exist is an error, and validates the values by their schemas.
// usage: kubernetes.mjs MANIFESTS OUT.ts
import fs from 'node:fs';
import yaml from 'js-yaml';

const [manifests, out] = process.argv.slice(2);
const packages = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/',
  'keda.sh': '@kubernetes-models/keda/keda.sh/',
};
let text = '';
let failed = 0;
const objects = yaml.loadAll(fs.readFileSync(manifests, 'utf8'));
for (const [number, object] of objects.entries()) {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  const module = (packages[group] ? packages[group] : `kubernetes-models/${group ? `${group}/` : ''}`) + version;
  text += `import type { I${object.kind} as Type${number} } from '${module}';\n`;
  text += `const object${number}: Type${number} = ${JSON.stringify(object, null, 1)};\nvoid object${number};\n`;
  try {
    new (await import(module))[object.kind](object).validate();
  } catch (error) {
    console.error(`${object.kind} ${object.metadata.name}: ${error.message}`);
    failed = 1;
  }
}
fs.writeFileSync(out, text);
if (failed || objects.length < 10) process.exit(1);
console.log(`${objects.length} Kubernetes objects: ${[...new Set(objects.map(each => each.kind))].sort().join(', ')}`);
