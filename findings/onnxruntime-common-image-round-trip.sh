#!/usr/bin/env bash
# onnxruntime-common 1.30.0 (JavaScript): toImageData does not give back the picture that fromImage took, with the same options.
#
# Guessed: Tensor.fromImage(picture, { norm, tensorFormat }) and tensor.toImageData({ norm, format }) are each other's inverse, since both take
#          the same "normalization parameters" and formats.
# Seen:    fromImage makes (value + bias) / mean, and toImageData (value - bias) * mean. With the usual mean and bias of 127.5 and -127.5 (values
#          from -1 to 1) this picture comes back white. With the format BGR red and blue change places, since only fromImage knows that
#          format. Without a bias and in RGB it is the same picture. There is no error. What a user is shown is not what the model saw.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >npm.log
npm install --no-audit --no-fund --silent onnxruntime-common@1.30.0 @napi-rs/canvas@1.1.1 node@22.22.0 >>npm.log 2>&1
cat > main.mjs <<'J'
import { Canvas, ImageData } from '@napi-rs/canvas';

// What a browser has.
globalThis.ImageData = ImageData;
globalThis.OffscreenCanvas = Canvas;
const { Tensor } = await import('onnxruntime-common');

const pixels = new ImageData(Uint8ClampedArray.of(10, 20, 30, 255, 200, 100, 50, 255), 2, 1);
for (const [name, norm, format] of [
  ['mean 255, RGB', { mean: 255, bias: 0 }, 'RGB'],
  ['mean 127.5 and bias -127.5, RGB', { mean: 127.5, bias: -127.5 }, 'RGB'],
  ['mean 255, BGR', { mean: 255, bias: 0 }, 'BGR'],
]) {
  const tensor = await Tensor.fromImage(pixels, { norm, tensorFormat: format });
  const back = tensor.toImageData({ norm, format });
  console.log(`${name}: ${Array.from(tensor.data, (value) => value.toFixed(2)).join(' ')} -> ${Array.from(back.data).join(' ')}`);
}
J
node_modules/.bin/node main.mjs | tee out
diff out - <<'P'
mean 255, RGB: 0.04 0.78 0.08 0.39 0.12 0.20 -> 10 20 30 255 200 100 50 255
mean 127.5 and bias -127.5, RGB: -0.92 0.57 -0.84 -0.22 -0.76 -0.61 -> 255 255 255 255 255 255 255 255
mean 255, BGR: 0.12 0.20 0.08 0.39 0.04 0.78 -> 30 20 10 255 50 100 200 255
P
echo 'as seen: bias and BGR are not undone'
