package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.acclimate.onnx.node.Attributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code Resize} and {@code Upsample}: each resized axis is a product with a matrix [in, out] of weights, which gives nearest,
 * linear and cubic, in all of ONNX's coordinate rules, with one gradient. Cost: in · out multiplications per line.
 */
final class Resizing {
    private static final Set<String> RULES = Set.of(
            "half_pixel",
            "half_pixel_symmetric",
            "pytorch_half_pixel",
            "align_corners",
            "asymmetric",
            "tf_half_pixel_for_nn",
            "tf_crop_and_resize");

    private final String mode;
    private final String rule;
    private final String rounding;
    private final float cubic;
    private final boolean excludeOutside;
    private final float extrapolation;

    private Resizing(Attributes attributes, String rule, String rounding) {
        this.mode = attributes.text("mode", "nearest");
        this.rule = attributes.text("coordinate_transformation_mode", rule);
        this.rounding = attributes.text("nearest_mode", rounding);
        this.cubic = attributes.real("cubic_coeff_a", -0.75f);
        this.excludeOutside = attributes.integer("exclude_outside", 0) == 1;
        this.extrapolation = attributes.real("extrapolation_value", 0);
    }

    static void addTo(Map<String, Operator> table) {
        table.put("Resize", Resizing::resize);
        table.put("Upsample", Resizing::upsample);
    }

    static List<Value> resize(Call call) {
        Attributes attributes = call.attributes();
        if (attributes.integer("antialias", 0) == 1
                || !attributes.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw call.unsupported("resizes with antialiasing or a kept aspect ratio");
        }
        String rule = attributes.text("coordinate_transformation_mode", "half_pixel");
        if (!RULES.contains(rule)) {
            throw call.unsupported("resizes by the rule '" + rule + "'");
        }
        boolean old = call.node().opset() < 11;
        Resizing resizing =
                new Resizing(attributes, old ? "asymmetric" : "half_pixel", old ? "floor" : "round_prefer_floor");
        int scales = old ? 1 : 2;
        float[] factors = call.has(scales) ? call.constant(scales).floats() : new float[0];
        long[] sizes = call.has(3) ? call.constant(3).longs() : new long[0];
        float[] region =
                !old && call.has(1) && resizing.cropped() ? call.constant(1).floats() : new float[0];
        return Call.dense(resizing.apply(call, call.array(0), attributes.integers("axes"), factors, sizes, region));
    }

    static List<Value> upsample(Call call) {
        float[] factors =
                call.has(1) ? call.constant(1).floats() : call.attributes().reals("scales");
        Resizing resizing = new Resizing(call.attributes(), "asymmetric", "floor");
        return Call.dense(resizing.apply(call, call.array(0), new long[0], factors, new long[0], new float[0]));
    }

    private boolean cropped() {
        return rule.equals("tf_crop_and_resize");
    }

    private NDArray apply(Call call, NDArray x, long[] axes, float[] factors, long[] sizes, float[] region) {
        int rank = x.getShape().dimension();
        int count = axes.length > 0 ? axes.length : rank;
        NDArray out = x;
        for (int i = 0; i < count; i++) {
            int axis = axes.length > 0 ? Call.axis(axes[i], rank) : i;
            int extent = (int) x.getShape().get(axis);
            double span = region.length == 0 ? 1 : region[count + i] - region[i];
            int wanted = (int) (sizes.length > 0 ? sizes[i] : Math.floor(extent * span * factors[i]));
            long[] extents = out.getShape().getShape().clone();
            extents[axis] = wanted;
            call.bounded(extents);
            call.bounded(extent, wanted);
            double scale = sizes.length > 0 ? (double) wanted / extent : factors[i];
            boolean whole = region.length == 0 || (region[i] == 0 && span == 1);
            if (wanted == extent && scale == 1 && whole) {
                continue;
            }
            float[] weights = new float[extent * wanted];
            float[] outside = new float[wanted];
            for (int to = 0; to < wanted; to++) {
                double from = region.length == 0
                        ? source(to, scale, extent, wanted)
                        : crop(to, extent, wanted, region[i], region[count + i]);
                if (cropped() && (from < 0 || from > extent - 1)) {
                    outside[to] = extrapolation;
                } else {
                    spread(weights, to, wanted, from, extent);
                }
            }
            out = product(out, axis, weights, wanted);
            if (extrapolation != 0) {
                out = out.swapAxes(axis, rank - 1)
                        .add(x.getManager().create(outside))
                        .swapAxes(axis, rank - 1);
            }
        }
        return out;
    }

    private static NDArray product(NDArray x, int axis, float[] weights, int wanted) {
        int last = x.getShape().dimension() - 1;
        NDArray matrix = x.getManager().create(weights, new Shape(weights.length / wanted, wanted));
        return x.swapAxes(axis, last).matMul(matrix).swapAxes(axis, last);
    }

    private double source(int to, double scale, int extent, int wanted) {
        return switch (rule) {
            case "asymmetric" -> to / scale;
            case "align_corners" -> wanted == 1 ? 0 : (double) to * (extent - 1) / (wanted - 1);
            case "pytorch_half_pixel" -> wanted == 1 ? 0 : (to + 0.5) / scale - 0.5;
            case "tf_half_pixel_for_nn" -> (to + 0.5) / scale;
            case "half_pixel_symmetric" -> extent / 2.0 * (1 - wanted / (scale * extent)) + (to + 0.5) / scale - 0.5;
            default -> (to + 0.5) / scale - 0.5;
        };
    }

    private static double crop(int to, int extent, int wanted, float start, float end) {
        return wanted == 1
                ? 0.5 * (start + end) * (extent - 1)
                : start * (extent - 1) + to * (end - start) * (extent - 1) / (wanted - 1);
    }

    private void spread(float[] weights, int to, int wanted, double from, int extent) {
        double floor = Math.floor(from);
        double part = from - floor;
        switch (mode) {
            case "nearest" -> {
                double near =
                        switch (rounding) {
                            case "floor" -> floor;
                            case "ceil" -> Math.ceil(from);
                            case "round_prefer_ceil" -> part >= 0.5 ? floor + 1 : floor;
                            default -> part > 0.5 ? floor + 1 : floor;
                        };
                put(weights, to, wanted, extent, (long) near, 1);
            }
            case "linear" -> {
                put(weights, to, wanted, extent, (long) floor, 1 - part);
                put(weights, to, wanted, extent, (long) floor + 1, part);
            }
            default -> {
                double[] four = {kernel(part + 1), kernel(part), kernel(1 - part), kernel(2 - part)};
                double sum = 1;
                if (excludeOutside) {
                    for (int i = 0; i < 4; i++) {
                        double at = floor - 1 + i;
                        four[i] = at < 0 || at >= extent ? 0 : four[i];
                    }
                    sum = Arrays.stream(four).sum();
                }
                for (int i = 0; i < 4; i++) {
                    put(weights, to, wanted, extent, (long) floor - 1 + i, four[i] / sum);
                }
            }
        }
    }

    private double kernel(double distance) {
        double d = distance;
        return d <= 1
                ? (cubic + 2) * d * d * d - (cubic + 3) * d * d + 1
                : cubic * d * d * d - 5 * cubic * d * d + 8 * cubic * d - 4 * cubic;
    }

    private static void put(float[] weights, int to, int wanted, int extent, long from, double weight) {
        int at = (int) Math.max(0, Math.min(extent - 1, from));
        weights[at * wanted + to] += (float) weight;
    }
}
