package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code RNN}, {@code GRU} and {@code LSTM}, unrolled over time. X is {@code [time, batch, features]}, or batch first by
 * {@code layout} 1; a state is {@code [batch, hidden]}. A time step makes some ten arrays, so long sequences are slow.
 */
final class Recurrent {
    /** One time step: from the input's share of the gates {@code [batch, gates · hidden]} and the old state; the output comes first. */
    private interface Cell {
        NDList step(Side side, NDArray input, NDList state);
    }

    /** The weights of one direction: recurrence {@code [hidden, gates · hidden]}, bias {@code [gates · hidden]}. */
    private record Side(
            NDArray recurrence,
            @Nullable NDArray bias,
            @Nullable NDArray peepholes,
            int hidden,
            List<UnaryOperator<NDArray>> activations) {
        NDArray gates(NDArray state) {
            NDArray product = state.matMul(recurrence);
            return bias == null ? product : product.add(bias);
        }

        NDArray gate(NDArray all, int number) {
            return Axes.range(all, all.getShape().dimension() - 1, (long) number * hidden, (number + 1L) * hidden, 1);
        }

        NDArray peeped(NDArray gate, int number, NDArray cell) {
            return peepholes == null ? gate : gate.add(cell.mul(gate(peepholes, number)));
        }

        NDArray activated(int number, NDArray x) {
            return activations.get(number).apply(x);
        }
    }

    private Recurrent() {}

    static void addTo(Map<String, Operator> table) {
        table.put("RNN", Recurrent::simple);
        table.put("GRU", Recurrent::gated);
        table.put("LSTM", Recurrent::longShortTerm);
    }

    static List<Value> simple(Call call) {
        Cell cell = (side, input, state) -> new NDList(side.activated(0, input.add(side.gates(state.get(0)))));
        return unrolled(call, 1, cell, "Tanh");
    }

    /** Gates in the order update, reset, hidden. */
    static List<Value> gated(Call call) {
        boolean resetsAfter = call.attributes().integer("linear_before_reset", 0) != 0;
        Cell cell = (side, input, state) -> {
            NDArray old = state.get(0);
            NDArray own = side.gates(old);
            NDArray update = side.activated(0, side.gate(input, 0).add(side.gate(own, 0)));
            NDArray reset = side.activated(0, side.gate(input, 1).add(side.gate(own, 1)));
            NDArray share = resetsAfter ? side.gate(own, 2).mul(reset) : side.gate(side.gates(old.mul(reset)), 2);
            NDArray fresh = side.activated(1, side.gate(input, 2).add(share));
            return new NDList(fresh.add(update.mul(old.sub(fresh))));
        };
        return unrolled(call, 1, cell, "Sigmoid", "Tanh");
    }

    /** Gates in the order input, output, forget, cell; peepholes in the order input, output, forget. */
    static List<Value> longShortTerm(Call call) {
        if (call.attributes().integer("input_forget", 0) != 0) {
            throw call.unsupported("couples its input and forget gates");
        }
        Cell cell = (side, input, state) -> {
            NDArray all = input.add(side.gates(state.get(0)));
            NDArray old = state.get(1);
            NDArray enter = side.activated(0, side.peeped(side.gate(all, 0), 0, old));
            NDArray forget = side.activated(0, side.peeped(side.gate(all, 2), 2, old));
            NDArray next = forget.mul(old).add(enter.mul(side.activated(1, side.gate(all, 3))));
            NDArray leave = side.activated(0, side.peeped(side.gate(all, 1), 1, next));
            return new NDList(leave.mul(side.activated(2, next)), next);
        };
        return unrolled(call, 2, cell, "Sigmoid", "Tanh", "Tanh");
    }

    private static List<Value> unrolled(Call call, int states, Cell cell, String... activations) {
        boolean batchFirst = call.attributes().integer("layout", 0) == 1;
        NDArray x = batchFirst ? call.array(0).swapAxes(0, 1) : call.array(0);
        int directions = Math.toIntExact(call.array(1).getShape().get(0));
        NDList outputs = new NDList();
        NDList[] last = {new NDList(), new NDList()};
        for (int at = 0; at < directions; at++) {
            NDArray recurrence = at(call.array(2), 0, at);
            int hidden = Math.toIntExact(recurrence.getShape().get(1));
            @Nullable NDArray biases = call.has(3) ? at(call.array(3), 0, at) : null;
            long gates = recurrence.getShape().get(0);
            Side side = new Side(
                    recurrence.transpose(),
                    biases == null ? null : Axes.range(biases, 0, gates, 2 * gates, 1),
                    call.has(7) ? at(call.array(7), 0, at) : null,
                    hidden,
                    activations(call, at, activations));
            NDArray share = x.matMul(at(call.array(1), 0, at).transpose());
            NDArray input = biases == null ? share : share.add(Axes.range(biases, 0, 0, gates, 1));
            NDList state = new NDList();
            for (int i = 0; i < states; i++) {
                state.add(
                        call.has(5 + i)
                                ? at(call.array(5 + i), batchFirst ? 1 : 0, at)
                                : call.manager().zeros(new Shape(x.getShape().get(1), hidden)));
            }
            boolean backwards =
                    at == 1 || call.attributes().text("direction", "forward").equals("reverse");
            outputs.add(run(call, cell, side, input, state, backwards));
            for (int i = 0; i < states; i++) {
                last[i].add(state.get(i));
            }
        }
        NDArray all = NDArrays.stack(outputs, 1);
        Stream<NDArray> ends = Stream.of(last).limit(states).map(each -> NDArrays.stack(each, batchFirst ? 1 : 0));
        return Stream.concat(Stream.of(batchFirst ? all.transpose(2, 0, 1, 3) : all), ends)
                .<Value>map(Value.Dense::new)
                .toList();
    }

    /** The outputs {@code [time, batch, hidden]}; leaves the last state in {@code state}. */
    private static NDArray run(Call call, Cell cell, Side side, NDArray input, NDList state, boolean backwards) {
        int time = Math.toIntExact(input.getShape().get(0));
        long[] lengths = call.has(4) ? call.constant(4).longs() : new long[0];
        NDArray[] outputs = new NDArray[time];
        for (int i = 0; i < time; i++) {
            int now = backwards ? time - 1 - i : i;
            NDList next = cell.step(side, at(input, 0, now), state);
            outputs[now] = next.get(0);
            if (lengths.length > 0) {
                float[] running = new float[lengths.length];
                for (int row = 0; row < running.length; row++) {
                    running[row] = now < lengths[row] ? 1 : 0;
                }
                NDArray mask = call.manager().create(running, new Shape(running.length, 1));
                outputs[now] = outputs[now].mul(mask);
                for (int each = 0; each < next.size(); each++) {
                    NDArray old = state.get(each);
                    next.set(each, old.add(next.get(each).sub(old).mul(mask)));
                }
            }
            for (int each = 0; each < next.size(); each++) {
                state.set(each, next.get(each));
            }
        }
        return NDArrays.stack(new NDList(outputs), 0);
    }

    private static NDArray at(NDArray x, int axis, int index) {
        return Axes.range(x, axis, index, index + 1L, 1).squeeze(axis);
    }

    private static List<UnaryOperator<NDArray>> activations(Call call, int direction, String... absent) {
        if (call.attributes().has("clip") || call.attributes().has("activation_alpha")) {
            throw call.unsupported("clips its cells or scales its activations");
        }
        List<String> named = call.attributes().texts("activations");
        return Stream.of(named.isEmpty() ? absent : named.toArray(String[]::new))
                .skip(named.isEmpty() ? 0 : (long) direction * absent.length)
                .limit(absent.length)
                .<UnaryOperator<NDArray>>map(name -> switch (name.toLowerCase(Locale.ROOT)) {
                    case "tanh" -> NDArray::tanh;
                    case "sigmoid" -> Activation::sigmoid;
                    case "relu" -> Activation::relu;
                    case "softsign" -> Activation::softSign;
                    default -> throw call.unsupported("has the activation " + name);
                })
                .toList();
    }
}
