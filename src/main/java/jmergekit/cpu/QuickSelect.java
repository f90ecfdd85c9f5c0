package jmergekit.cpu;

/// Selection in an array by Hoare's quickselect, with the median of three as the pivot.
final class QuickSelect {
    private QuickSelect() {}

    /// The value with `k - 1` others that are not larger. Reorders the first `n` values.
    ///
    /// @param k from 1 to n
    static int of(int[] values, int n, int k) {
        int target = n - k;
        int left = 0;
        int right = n - 1;
        while (left < right) {
            int pivot = middle(values[left], values[(left + right) >>> 1], values[right]);
            int i = left;
            int j = right;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (target <= j) {
                right = j;
            } else if (target >= i) {
                left = i;
            } else {
                return values[target];
            }
        }
        return values[target];
    }

    private static int middle(int a, int b, int c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
