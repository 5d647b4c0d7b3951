// Fails when the document is not valid by the schema of its version of OpenAPI.
// usage: openapi.mjs FILE
import { Validator } from '@seriousme/openapi-schema-validator';

const file = process.argv[2];
const validator = new Validator();
const result = await validator.validate(file);
if (!result.valid) {
  console.error(`${file}: ${JSON.stringify(result.errors, null, 1)}`);
  process.exit(1);
}
console.log(`${file}: OpenAPI ${validator.version}, ${Object.keys(validator.specification.paths).length} paths, no error`);
