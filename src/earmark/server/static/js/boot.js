// Sets the chosen scheme before the first paint; a module would come too late for that.
(function () {
  try {
    var theme = localStorage.getItem("earmark.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch (e) { /* storage is off: the system's scheme stays */ }
})();
