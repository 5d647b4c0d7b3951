package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/**
 * {@code GridSample} of X {@code [batch, channels, height, width]} at a grid {@code [batch, rows, columns, 2]} of x, y in −1 to 1.
 * Each axis has taps (1 nearest, 2 linear, 4 cubic): a whole position, known, and a weight, which gradients to the grid pass through.
 */
final class GridSampling {
    private static final double CUBIC = -0.75;

    private final String padding;
    private final boolean corners;

    private static final class Tap {
        private final long[] positions;
        private final NDArray weight;

        Tap(long[] positions, NDArray weight) {
            this.positions = positions;
            this.weight = weight;
        }
    }

    private GridSampling(Call call) {
        this.padding = call.attributes().text("padding_mode", "zeros");
        this.corners = call.attributes().integer("align_corners", 0) == 1;
    }

    static void addTo(Map<String, Operator> table) {
        table.put("GridSample", GridSampling::sample);
    }

    static List<Value> sample(Call call) {
        NDArray x = call.array(0);
        if (x.getShape().dimension() != 4) {
            throw call.unsupported("samples other than two spatial axes");
        }
        GridSampling sampling = new GridSampling(call);
        String mode = call.attributes().text("mode", "bilinear");
        NDArray grid = call.array(1);
        Shape at = grid.getShape();
        long height = x.getShape().get(2);
        long width = x.getShape().get(3);
        List<Tap> across = sampling.taps(mode, Axes.range(grid, 3, 0, 1, 1).flatten(), width);
        List<Tap> down = sampling.taps(mode, Axes.range(grid, 3, 1, 2, 1).flatten(), height);
        NDArray pixels = x.transpose(0, 2, 3, 1).reshape(-1, x.getShape().get(1));
        long points = at.get(1) * at.get(2);
        NDArray out =
                call.manager().zeros(new Shape(at.get(0) * points, x.getShape().get(1)));
        for (Tap row : down) {
            for (Tap column : across) {
                long[] from = new long[row.positions.length];
                for (int i = 0; i < from.length; i++) {
                    from[i] = (i / points * height + row.positions[i]) * width + column.positions[i];
                }
                NDArray weight = row.weight.mul(column.weight).expandDims(1);
                out = out.add(Axes.pick(pixels, 0, from).mul(weight));
            }
        }
        return Call.dense(out.reshape(at.get(0), at.get(1), at.get(2), -1).transpose(0, 3, 1, 2));
    }

    private List<Tap> taps(String mode, NDArray coordinates, long extent) {
        NDArray place = corners
                ? Scalars.times(coordinates.add(1), (extent - 1) / 2.0)
                : Scalars.times(coordinates.add(1), extent / 2.0).sub(0.5);
        if (mode.equals("nearest")) {
            return List.of(tap(place.stopGradient().round(), 0, place.onesLike(), extent));
        }
        NDArray floor = place.stopGradient().floor();
        NDArray part = place.sub(floor);
        if (mode.endsWith("cubic")) {
            return List.of(
                    tap(floor, -1, far(part.add(1)), extent),
                    tap(floor, 0, near(part), extent),
                    tap(floor, 1, near(part.neg().add(1)), extent),
                    tap(floor, 2, far(part.neg().add(2)), extent));
        }
        return List.of(tap(floor, 0, part.neg().add(1), extent), tap(floor, 1, part, extent));
    }

    private static NDArray near(NDArray d) {
        return Scalars.times(d, CUBIC + 2).sub(CUBIC + 3).mul(d).mul(d).add(1);
    }

    private static NDArray far(NDArray d) {
        return Scalars.times(d.sub(5).mul(d).add(8).mul(d).sub(4), CUBIC);
    }

    /** Zero padding takes the weight away; the others move the position inside. */
    private Tap tap(NDArray base, int offset, NDArray weight, long extent) {
        float[] places = base.toFloatArray();
        long[] positions = new long[places.length];
        boolean[] inside = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            long place = (long) places[i] + offset;
            inside[i] = place >= 0 && place < extent;
            long moved = padding.equals("reflection") ? reflected(place, extent) : place;
            positions[i] = Math.max(0, Math.min(extent - 1, moved));
        }
        boolean zeros = padding.equals("zeros");
        NDArray mask = base.getManager().create(inside).toType(DataType.FLOAT32, false);
        return new Tap(positions, zeros ? weight.mul(mask) : weight);
    }

    /** Reflects a position about the middle of the border pixels, or about their outer edge. */
    private long reflected(long place, long extent) {
        long period = Math.max(1, corners ? 2 * (extent - 1) : 2 * extent);
        long within = Math.floorMod(place, period);
        return within < extent ? within : period - within - (corners ? 0 : 1);
    }
}
