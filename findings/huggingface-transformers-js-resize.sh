#!/usr/bin/env bash
# @huggingface/transformers 4.3.1 (JavaScript, in Node.js): pictures are made smaller by leaving pixels out, in image processors too.
#
# Guessed: RawImage.resize with resample 2 (bilinear) and 3 (bicubic) gives what Pillow gives for these numbers, within 2, as its source says of
#          itself; so a processor of a preprocessor_config.json makes the tensor that the model was trained with.
# Seen:    made smaller, each new pixel is one old pixel and the others are not looked at: of stripes black and white are left the black ones
#          where Pillow says grey, and of a white line nothing. Bilinear and bicubic are the same. Made larger, all is moved by half a pixel
#          and the last column is mixed with black. 1 (Lanczos) is near Pillow's. No warning; in a browser
#          the canvas does it and resample is passed over (not run here).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
# Without install scripts: onnxruntime-node's fetches libraries of graphics cards, which nothing here uses.
npm init -y >npm.log
npm install --no-audit --no-fund --silent --ignore-scripts @huggingface/transformers@4.3.1 >>npm.log 2>&1
cat > main.mjs <<'J'
import { RawImage, ViTImageProcessor } from '@huggingface/transformers';

const [width, height] = [16, 4];
const pictures = {
  stripes: (x) => x % 2 * 255,
  line: (x) => (x === 5 ? 255 : 0),
  ramp: (x) => x * 16,
};
const picture = (grey) => new RawImage(Uint8ClampedArray.from({ length: width * height * 3 }, (_, i) => grey(Math.floor(i / 3) % width)), width, height, 3);
const firstRow = (image) => Array.from({ length: image.width }, (_, x) => image.data[x * image.channels]).join(' ');

for (const [name, grey] of Object.entries(pictures)) {
  for (const resample of [1, 2, 3]) {
    console.log(`${name}, ${resample}, to a half: ${firstRow(await picture(grey).resize(8, 2, { resample }))}`);
  }
}
console.log(`ramp, 2, to the double: ${firstRow(await picture(pictures.ramp).resize(32, 8, { resample: 2 }))}`);
const processor = new ViTImageProcessor({ image_processor_type: 'ViTImageProcessor', do_resize: true, do_rescale: true, rescale_factor: 1 / 255,
  do_normalize: false, resample: 3, size: { width: 8, height: 2 } });
const { pixel_values: tensor } = await processor(picture(pictures.stripes));
console.log(`stripes as a tensor ${tensor.dims}: ${Array.from(tensor.data.slice(0, 8)).join(' ')}`);
J
node main.mjs | tee out
/usr/bin/python3 - <<'P' | tee -a out
from PIL import Image
pictures = {"stripes": lambda x: x % 2 * 255, "line": lambda x: 255 if x == 5 else 0, "ramp": lambda x: x * 16}
def row(name, resample, size):
    image = Image.new("L", (16, 4))
    image.putdata([pictures[name](x) for _ in range(4) for x in range(16)])
    return " ".join(map(str, list(image.resize(size, resample).getdata())[:size[0]]))
for name in pictures:
    for resample in 1, 2, 3:
        print(f"Pillow: {name}, {resample}, to a half: {row(name, resample, (8, 2))}")
print("Pillow: ramp, 2, to the double:", row("ramp", 2, (32, 8)))
P
diff out - <<'P'
stripes, 1, to a half: 101 135 127 128 128 128 120 154
stripes, 2, to a half: 0 0 0 0 0 0 0 0
stripes, 3, to a half: 0 0 0 0 0 0 0 0
line, 1, to a half: 4 0 114 35 0 1 0 0
line, 2, to a half: 0 0 0 0 0 0 0 0
line, 3, to a half: 0 0 0 0 0 0 0 0
ramp, 1, to a half: 8 40 72 104 136 168 200 232
ramp, 2, to a half: 0 32 64 96 128 160 192 224
ramp, 3, to a half: 0 32 64 96 128 160 192 224
ramp, 2, to the double: 0 8 16 24 32 40 48 56 64 72 80 88 96 104 112 120 128 136 144 152 160 168 176 184 192 200 208 216 224 232 240 120
stripes as a tensor 1,3,2,8: 0 0 0 0 0 0 0 0
Pillow: stripes, 1, to a half: 106 133 127 127 127 128 122 149
Pillow: stripes, 2, to a half: 109 128 128 128 128 128 128 146
Pillow: stripes, 3, to a half: 109 129 128 128 128 128 126 146
Pillow: line, 1, to a half: 4 0 114 35 0 1 0 0
Pillow: line, 2, to a half: 0 0 96 32 0 0 0 0
Pillow: line, 3, to a half: 0 0 111 29 0 0 0 0
Pillow: ramp, 1, to a half: 8 40 72 104 136 168 200 232
Pillow: ramp, 2, to a half: 11 40 72 104 136 168 200 229
Pillow: ramp, 3, to a half: 9 39 72 104 136 168 201 231
Pillow: ramp, 2, to the double: 0 4 12 20 28 36 44 52 60 68 76 84 92 100 108 116 124 132 140 148 156 164 172 180 188 196 204 212 220 228 236 240
P
echo 'as seen: pixels are left out'
