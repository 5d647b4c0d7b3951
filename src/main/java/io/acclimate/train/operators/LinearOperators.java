package io.acclimate.train.operators;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Matrix products. */
final class LinearOperators {
    private LinearOperators() {}

    static void addTo(Map<String, Operator> table) {
        table.put("Gemm", LinearOperators::gemm);
        table.put("MatMul", LinearOperators::matMul);
        table.put("Einsum", LinearOperators::einsum);
    }

    /** {@code alpha · A' · B' + beta · C}. */
    static List<Value> gemm(Call call) {
        NDArray a = call.attributes().integer("transA", 0) == 0
                ? call.array(0)
                : call.array(0).transpose();
        NDArray b = call.attributes().integer("transB", 0) == 0
                ? call.array(1)
                : call.array(1).transpose();
        NDArray out = scaled(a.matMul(b), call.attributes().real("alpha", 1));
        return Call.dense(
                call.has(2) ? out.add(scaled(call.array(2), call.attributes().real("beta", 1))) : out);
    }

    private static NDArray scaled(NDArray array, float by) {
        return by == 1 ? array : Scalars.times(array, by);
    }

    static List<Value> matMul(Call call) {
        return Call.dense(call.array(0).matMul(call.array(1)));
    }

    /**
     * Computes broadcast products and sums over the letters that the result does not have. The dimensions of an ellipsis get digits
     * as letters.
     */
    static List<Value> einsum(Call call) {
        String equation = call.attributes().text("equation", "").replace(" ", "");
        int arrow = equation.indexOf("->");
        String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
        if (terms.length != call.count()) {
            throw call.unsupported("has the equation '" + equation + "'");
        }
        NDArray[] operands = new NDArray[terms.length];
        int covered = 0;
        for (int i = 0; i < terms.length; i++) {
            operands[i] = call.array(i);
            covered = Math.max(covered, operands[i].getShape().dimension() - letters(terms[i]));
        }
        String digits = "0123456789".substring(0, covered);
        for (int i = 0; i < terms.length; i++) {
            int own = operands[i].getShape().dimension() - letters(terms[i]);
            terms[i] = terms[i].replace("...", digits.substring(covered - own));
        }
        String all = String.join("", terms);
        String result = arrow < 0
                ? digits + once(all.replaceAll("[0-9]", ""))
                : equation.substring(arrow + 2).replace("...", digits);
        String letters = result + distinct(all, result);
        NDArray product = aligned(operands[0], terms[0], letters);
        for (int i = 1; i < terms.length; i++) {
            product = product.mul(aligned(operands[i], terms[i], letters));
        }
        if (letters.length() > result.length()) {
            product = product.sum(
                    IntStream.range(result.length(), letters.length()).toArray());
        }
        return Call.dense(product);
    }

    private static int letters(String term) {
        return term.replace("...", "").length();
    }

    /** The operand with one axis for each of {@code letters}; a letter that comes twice in its term takes the diagonal. */
    private static NDArray aligned(NDArray operand, String term, String letters) {
        NDArray x = operand;
        String axes = term;
        for (int last = axes.length() - 1; last > 0; last--) {
            int first = axes.indexOf(axes.charAt(last));
            if (first < last) {
                x = x.diagonal(0, first, last);
                axes = new StringBuilder(axes)
                        .deleteCharAt(last)
                        .deleteCharAt(first)
                        .append(axes.charAt(first))
                        .toString();
                last = axes.length();
            }
        }
        long[] extents = new long[letters.length()];
        for (int i = 0; i < extents.length; i++) {
            int at = axes.indexOf(letters.charAt(i));
            extents[i] = at < 0 ? 1 : x.getShape().get(at);
        }
        int[] order = letters.chars().map(axes::indexOf).filter(at -> at >= 0).toArray();
        return x.transpose(order).reshape(extents);
    }

    private static String distinct(String letters, String without) {
        return letters.chars()
                .distinct()
                .filter(letter -> without.indexOf(letter) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String once(String letters) {
        return letters.chars()
                .filter(letter -> letters.indexOf(letter) == letters.lastIndexOf(letter))
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
