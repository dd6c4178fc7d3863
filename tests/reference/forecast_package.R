# R's own numbers, for make_references.py: series on standard input, "id season v1 v2 ...", one JSON object a fit on
# standard output, with every digit. Argument: ets, auto_arima, theta or arima.
suppressPackageStartupMessages(library(forecast))
set.seed(1)
what <- commandArgs(trailingOnly = TRUE)[1]

digits <- function(x) ifelse(is.finite(x), sprintf("%.17g", x), "null")
number <- function(x) if (length(x) == 1) digits(as.numeric(x)) else "null"
list_of <- function(x) paste0("[", paste(digits(as.numeric(x)), collapse = ","), "]")
named <- function(x) {
  if (length(x)) paste0("{", paste(sprintf('"%s":%s', names(x), digits(x)), collapse = ","), "}") else "{}"
}
text <- function(x) sprintf('"%s"', x)
say <- function(...) {
  fields <- list(...)
  cat("{", paste(sprintf('"%s":%s', names(fields), unlist(fields)), collapse = ","), "}\n", sep = "")
}
# NULL where the method refuses the series.
attempt <- function(expr) tryCatch(suppressWarnings(expr), error = function(e) NULL)

intervals <- function(f) list(forecast = list_of(f$mean), lo80 = list_of(f$lower[, 1]), hi80 = list_of(f$upper[, 1]),
                              lo95 = list_of(f$lower[, 2]), hi95 = list_of(f$upper[, 2]))

say_ets <- function(id, model, fit, h) {
  par <- fit$par[names(fit$par) %in% c("alpha", "beta", "gamma", "phi")]
  f <- suppressWarnings(forecast(fit, h = h, level = c(80, 95)))
  do.call(say, c(list(id = text(id), model = text(model), chosen = text(fit$method), parameters = named(par),
                      initial = named(fit$initstate), final = list_of(tail(fit$states, 1)), loglik = number(fit$loglik),
                      aicc = number(fit$aicc), mse = number(fit$mse), sigma2 = number(fit$sigma2)), intervals(f)))
}

ets_records <- function(id, x, m) {
  h <- if (m > 1) m + 2 else 8
  models <- c("ANN", "AAN", "AAdN", "MNN", "MAN")
  if (m > 1) models <- c(models, "ANA", "AAA", "AAdA", "MAM", "MNM", "MAdM")
  for (model in models) {
    fit <- attempt(ets(x, model = gsub("d", "", model), damped = grepl("d", model)))
    if (!is.null(fit)) say_ets(id, model, fit, h)
  }
  fit <- attempt(ets(x))
  if (!is.null(fit)) say_ets(id, "auto", fit, h)
}

auto_arima_records <- function(id, x, m) {
  fit <- attempt(auto.arima(x))
  if (is.null(fit)) return()
  o <- fit$arma  # p q P Q m d D
  f <- suppressWarnings(forecast(fit, h = if (m > 1) m + 2 else 12, level = c(80, 95)))
  do.call(say, c(list(id = text(id), order = list_of(o[c(1, 6, 2)]), seasonal_order = list_of(o[c(3, 7, 4, 5)]),
                      coefficients = named(coef(fit)), sigma2 = number(fit$sigma2), loglik = number(fit$loglik),
                      aicc = number(fit$aicc)), intervals(f)))
}

theta_records <- function(id, x, m) {
  f <- attempt(thetaf(x, h = if (m > 1) m + 2 else 12, level = c(80, 95)))
  if (is.null(f)) return()
  model <- f$model
  do.call(say, c(list(id = text(id), alpha = number(model$alpha), drift = number(model$drift), sigma2 = number(model$sigma)),
                 intervals(f)))
}

orders <- list("100" = c(1, 0, 0), "200" = c(2, 0, 0), "011" = c(0, 1, 1), "111" = c(1, 1, 1), "212" = c(2, 1, 2),
               "011_011" = c(0, 1, 1, 0, 1, 1, 12), "100_100" = c(1, 0, 0, 1, 0, 0, 4))
arima_records <- function(id, x, m) {
  for (name in names(orders)) {
    o <- orders[[name]]
    seasonal <- if (length(o) > 3) list(order = o[4:6], period = o[7]) else list(order = c(0, 0, 0), period = NA)
    if (length(o) > 3 && o[7] != m) next
    fit <- attempt(arima(x, order = o[1:3], seasonal = seasonal, method = "ML"))
    if (is.null(fit)) next
    f <- predict(fit, n.ahead = 12)
    say(id = text(id), order = text(name), coefficients = named(coef(fit)), sigma2 = number(fit$sigma2),
        loglik = number(fit$loglik), forecast = list_of(f$pred), se = list_of(f$se))
  }
}

records <- list(ets = ets_records, auto_arima = auto_arima_records, theta = theta_records, arima = arima_records)[[what]]
input <- file("stdin")
for (line in readLines(input)) {
  words <- strsplit(line, " ")[[1]]
  values <- suppressWarnings(as.numeric(words[-(1:2)]))
  m <- as.integer(words[2])
  if (what %in% c("ets", "theta") && anyNA(values)) next
  records(words[1], ts(values, frequency = m), m)
}
close(input)
