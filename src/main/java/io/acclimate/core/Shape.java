package io.acclimate.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The extents of a tensor, outermost first. A scalar has none. */
public record Shape(List<Integer> extents) {
    public Shape {
        extents = List.copyOf(extents);
        for (int extent : extents) {
            if (extent < 0) {
                throw new IllegalArgumentException("extents must not be negative, got " + extents);
            }
        }
    }

    public static Shape of(int... extents) {
        List<Integer> list = new ArrayList<>(extents.length);
        for (int extent : extents) {
            list.add(extent);
        }
        return new Shape(list);
    }

    public int rank() {
        return extents.size();
    }

    public int extent(int axis) {
        return extents.get(axis);
    }

    public long elements() {
        long product = 1;
        for (int extent : extents) {
            product = Math.multiplyExact(product, extent);
        }
        return product;
    }

    public Shape prepend(int extent) {
        List<Integer> all = new ArrayList<>(extents.size() + 1);
        all.add(extent);
        all.addAll(extents);
        return new Shape(all);
    }

    public Shape tail() {
        return new Shape(extents.subList(1, extents.size()));
    }

    @Override
    public String toString() {
        return extents.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
}
