# Writes differentiable-operators.txt from the schemas of Debian's python3-onnx (1.12), the release of libonnx-testdata:
#   python3 differentiable-operators.py > differentiable-operators.txt
# One line an operator: its type, then its differentiable inputs ("1+": that one and all after it).
from onnx import defs

YES = defs.OpSchema.DifferentiationCategory.Differentiable
VARIADIC = defs.OpSchema.FormalParameterOption.Variadic

# ONNX marks nothing at these, though they have a derivative.
UNMARKED = ["DFT 0", "LayerNormalization 0 1 2", "Loop 2+", "ReverseSequence 0", "RoiAlign 0", "Scan 0+", "Upsample 0"]

lines = list(UNMARKED)
for schema in defs.get_all_schemas():
    if schema.domain or not any(output.differentiationCategory == YES for output in schema.outputs):
        continue
    inputs = [str(i) + ("+" if each.option == VARIADIC else "")
              for i, each in enumerate(schema.inputs) if each.differentiationCategory == YES]
    if inputs:
        lines.append(" ".join([schema.name] + inputs))
print("\n".join(sorted(lines)))
